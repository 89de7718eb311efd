// /proc/PID/mountinfo: the mounts that a task sees.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crtool::sys {

// One line of proc_pid_mountinfo(5); blanks, newlines and backslashes of names are unescaped.
struct MountInfo {
    int id = 0;
    int parent_id = 0;
    uint32_t dev_major = 0;
    uint32_t dev_minor = 0;
    std::string root;         // what of the filesystem is mounted, "nsfs" names included
    std::string mount_point;  // relative to the root directory of the task that was asked
    std::string options;      // of the mount
    int shared = 0;           // peer groups, 0 for none
    int master = 0;
    int propagate_from = 0;
    bool unbindable = false;
    std::string fs_type;
    std::string source;  // may be empty
    std::string super_options;
};

// In the kernel's order (a mount comes after the one it is on). Throws Errc::internal.
std::vector<MountInfo> parse_mountinfo(std::string_view text);

}  // namespace crtool::sys
