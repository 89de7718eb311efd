// /proc/PID/auxv: the auxiliary vector of a 64-bit task as the kernel keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace crtool::sys {

struct AuxEntry {
    uint64_t type = 0;  // AT_*
    uint64_t value = 0;

    bool operator==(const AuxEntry&) const = default;
};

// The raw bytes of the file as entries, in order, without the closing AT_NULL. Throws
// Errc::internal when the size is no multiple of an entry or AT_NULL is missing.
std::vector<AuxEntry> parse_auxv(std::string_view bytes);

// Value of the first entry of a type, for example AT_SYSINFO_EHDR (the vdso).
std::optional<uint64_t> find_auxv(const std::vector<AuxEntry>& entries, uint64_t type);

}  // namespace crtool::sys
