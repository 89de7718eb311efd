// What is known of a descriptor when its kind is to be told, and the reading of its link text.
//
// The link is the target of /proc/PID/fd/N as crtool itself sees it (d_path(9) of the reader's
// root). Everything but FdProbe::reopen is a pure function on text.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sys/fd.h"
#include "sys/proc_fdinfo.h"

namespace crtool::dump {

// makedev(3) for compile time; minor below 256.
constexpr dev_t device_number(unsigned major, unsigned minor) {
    return major << 8 | minor;
}

struct FdProbe {
    pid_t task = 0;
    int number = -1;  // the task's descriptor; −1 for a working directory, a mapping and the like
    int fd = -1;      // a descriptor of crtool for the same open file (O_PATH when number is −1)
    std::string proc_name;  // where the file is found in /proc/PID: "fd/7", "exe", "map_files/…"
    std::string link;
    std::string external_key;  // empty: the user has not named it external

    struct stat st {};

    sys::FdInfo info;

    bool is_path() const;      // O_PATH
    bool is_readable() const;  // by its access mode
    bool is_writable() const;

    // The same file once more, as a new open file of crtool.
    sys::UniqueFd reopen(int flags) const;
};

// For messages: "descriptor 7 (/dev/fuse)" of "fd/7", "exe (/usr/bin/x)" of "exe".
std::string object_text(std::string_view proc_name, std::string_view link);

// "anon_inode:[eventfd]" and "anon_inode:eventfd" are anonymous inodes of type "eventfd".
std::optional<std::string_view> anon_inode_type(std::string_view link);

// What stands before " (deleted)"; nullopt when the link does not end so. A living file may have
// such a name, too.
std::optional<std::string_view> before_deleted(std::string_view link);

// NAME of "/memfd:NAME (deleted)".
std::optional<std::string_view> memfd_name(std::string_view link);

// "(3, 500)" of a timerfd's fdinfo, seconds and nanoseconds, as nanoseconds. Throws internal.
uint64_t parse_fdinfo_time(std::string_view text);

}  // namespace crtool::dump
