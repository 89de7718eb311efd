// /proc/PID/fdinfo/FD: the common lines as fields, everything else as key and value in order.
//
// Each kind of descriptor adds lines of its own ("eventfd-count:", "tfd:", "inotify wd:…"); the
// kinds read them from here, so that no parser knows every kind.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace crtool::sys {

// A line "key: value" or "key value": the key ends at the first colon or blank, so that
// "inotify wd:1 ino:5f" is key "inotify", value "wd:1 ino:5f". Views into the parsed text.
struct FdInfoLine {
    std::string_view key;
    std::string_view value;
};

struct FdInfo {
    uint64_t pos = 0;
    uint32_t flags = 0;  // O_*, with O_CLOEXEC of this descriptor; O_LARGEFILE shows as 0100000
    int mnt_id = -1;
    std::optional<uint64_t> ino;  // kernel ≥ 5.14
    std::vector<FdInfoLine> lines;

    // Value of the first line with this key.
    std::optional<std::string_view> find(std::string_view key) const;
};

// The text must outlive the result. Throws Errc::internal on malformed text.
FdInfo parse_fdinfo(std::string_view text);

// The word after "NAME:" in a line of several fields, blanks after the colon skipped:
// fdinfo_field("5 events: 19 data: 2a", "events") is "19". nullopt when there is no such field.
std::optional<std::string_view> fdinfo_field(std::string_view value, std::string_view name);

// Whole text as an unsigned number of the base (8, 10 or 16; no prefix); throws Errc::internal.
uint64_t fdinfo_number(std::string_view text, int base);

}  // namespace crtool::sys
