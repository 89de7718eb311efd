// See proc_mountinfo.h.
#include "sys/proc_mountinfo.h"

#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

// The kernel escapes blank, tab, newline, backslash (and '#' in sources) as \ooo.
std::string unescape(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (size_t at = 0; at < text.size(); ++at) {
        bool escape = text[at] == '\\' && at + 3 < text.size() && is_octal(text[at + 1]) &&
                      is_octal(text[at + 2]) && is_octal(text[at + 3]);
        if (!escape) {
            plain += text[at];
            continue;
        }
        plain += static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 +
                                   (text[at + 3] - '0'));
        at += 3;
    }
    return plain;
}

std::string next_name(TextScanner& scanner) {
    scanner.expect(' ');
    return unescape(scanner.word());
}

// "shared:2 master:1 propagate_from:3 unbindable", then " - ".
void parse_propagation(TextScanner& scanner, MountInfo& mount) {
    while (!scanner.accept(" - ")) {
        scanner.expect(' ');
        if (scanner.accept("shared:"))
            mount.shared = scanner.signed_int();
        else if (scanner.accept("master:"))
            mount.master = scanner.signed_int();
        else if (scanner.accept("propagate_from:"))
            mount.propagate_from = scanner.signed_int();
        else if (scanner.accept("unbindable"))
            mount.unbindable = true;
        else
            scanner.word();  // proc_pid_mountinfo(5) allows for new ones
    }
}

}  // namespace

std::vector<MountInfo> parse_mountinfo(std::string_view text) {
    std::vector<MountInfo> mounts;
    TextScanner scanner(text, "mountinfo");
    while (!scanner.at_end()) {
        MountInfo& mount = mounts.emplace_back();
        mount.id = scanner.signed_int();
        scanner.expect(' ');
        mount.parent_id = scanner.signed_int();
        scanner.expect(' ');
        mount.dev_major = static_cast<uint32_t>(scanner.dec());
        scanner.expect(':');
        mount.dev_minor = static_cast<uint32_t>(scanner.dec());
        mount.root = next_name(scanner);
        mount.mount_point = next_name(scanner);
        mount.options = next_name(scanner);
        parse_propagation(scanner, mount);
        mount.fs_type = unescape(scanner.word());
        mount.source = next_name(scanner);
        mount.super_options = next_name(scanner);
        scanner.line();
    }
    return mounts;
}

}  // namespace crtool::sys
