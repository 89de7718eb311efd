// See proc_fdinfo.h.
#include "sys/proc_fdinfo.h"

#include "base/error.h"
#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

FdInfoLine split(std::string_view line) {
    line = trim(line);
    size_t stop = line.find_first_of(": \t");
    if (stop == std::string_view::npos)
        return {line, {}};
    return {line.substr(0, stop), trim(line.substr(stop + 1))};
}

}  // namespace

std::optional<std::string_view> FdInfo::find(std::string_view key) const {
    for (const FdInfoLine& line : lines)
        if (line.key == key)
            return line.value;
    return std::nullopt;
}

FdInfo parse_fdinfo(std::string_view text) {
    FdInfo info;
    TextScanner scanner(text, "fdinfo");
    // The first lines come from the kernel's seq_show of every file, in this order.
    scanner.expect("pos:");
    scanner.skip_blanks();
    info.pos = static_cast<uint64_t>(scanner.signed_dec());
    scanner.expect("\nflags:");
    scanner.skip_blanks();
    info.flags = static_cast<uint32_t>(scanner.oct());
    scanner.expect("\nmnt_id:");
    scanner.skip_blanks();
    info.mnt_id = scanner.signed_int();
    scanner.expect('\n');
    if (scanner.accept("ino:")) {
        scanner.skip_blanks();
        info.ino = scanner.dec();
        scanner.expect('\n');
    }
    while (!scanner.at_end()) {
        std::string_view line = scanner.line();
        if (!line.empty())
            info.lines.push_back(split(line));
    }
    return info;
}

std::optional<std::string_view> fdinfo_field(std::string_view value, std::string_view name) {
    for (size_t at = value.find(name); at != std::string_view::npos;
         at = value.find(name, at + 1)) {
        size_t colon = at + name.size();
        bool whole = at == 0 || is_blank(value[at - 1]);
        if (!whole || colon >= value.size() || value[colon] != ':')
            continue;
        TextScanner scanner(value.substr(colon + 1), "fdinfo");
        scanner.skip_blanks();
        return scanner.word();
    }
    return std::nullopt;
}

uint64_t fdinfo_number(std::string_view text, int base) {
    TextScanner scanner(text, "a number of fdinfo");
    uint64_t value = base == 16 ? scanner.hex() : base == 8 ? scanner.oct() : scanner.dec();
    if (!scanner.at_end())
        scanner.fail_here("more than a number");
    return value;
}

}  // namespace crtool::sys
