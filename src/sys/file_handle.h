// Files by handle or inode number instead of by name.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

namespace crtool::sys {

struct FileHandle {
    int type = 0;
    std::string bytes;
};

// The name of a file, by its handle on the file system that `mount_point` is on, opened with O_PATH
// (open_by_handle_at(2)). nullopt: the file system opens no handles, the file has gone, or it has
// no name below the mount point.
std::optional<std::string> name_of_handle(const std::string& mount_point, const FileHandle& handle);

// Names of inodes at and below `directory`, found by looking at everything there on the same
// device, at most `most` files, until each of `wanted` has one, or `cancelled`.
std::map<ino_t, std::string> search_inodes(const std::string& directory, std::set<ino_t> wanted,
                                           size_t most, const std::atomic<bool>& cancelled);

// The same for one.
std::optional<std::string> search_inode(const std::string& directory, ino_t ino, size_t most);

}  // namespace crtool::sys
