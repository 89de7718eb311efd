// See proc_auxv.h.
#include "sys/proc_auxv.h"

#include <elf.h>

#include <cstring>

#include "base/error.h"

namespace crtool::sys {

std::vector<AuxEntry> parse_auxv(std::string_view bytes) {
    std::vector<AuxEntry> entries;
    if (bytes.size() % sizeof(AuxEntry) != 0)
        fail(Errc::internal, "cannot parse auxv: {} bytes are no whole entries", bytes.size());
    for (size_t at = 0; at < bytes.size(); at += sizeof(AuxEntry)) {
        AuxEntry entry;
        memcpy(&entry, bytes.data() + at, sizeof(entry));
        if (entry.type == AT_NULL)
            return entries;
        entries.push_back(entry);
    }
    fail(Errc::internal, "cannot parse auxv: no end");
}

std::optional<uint64_t> find_auxv(const std::vector<AuxEntry>& entries, uint64_t type) {
    for (const AuxEntry& entry : entries)
        if (entry.type == type)
            return entry.value;
    return std::nullopt;
}

}  // namespace crtool::sys
