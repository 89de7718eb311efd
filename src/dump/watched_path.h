// Names of the inodes that inotify and fanotify watch, of which fdinfo shows handles.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sys/proc_mountinfo.h"

namespace crtool::dump {

class WatchedPaths {
  public:
    // Of an fdinfo line that has ino, sdev and, mostly, a handle; nullopt: it has no name that
    // crtool can see.
    std::optional<std::string> find_inode(std::string_view line);
    // Where the file system of the line's sdev, or the mount of its mnt_id, is mounted.
    std::optional<std::string> find_filesystem(std::string_view line);
    std::optional<std::string> find_mount(std::string_view line);

  private:
    const std::vector<sys::MountInfo>& mounts();

    std::vector<sys::MountInfo> mounts_;  // read when the first is asked for
};

}  // namespace crtool::dump
