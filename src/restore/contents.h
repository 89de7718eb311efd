// Files without a name (shared memory, memfds, deleted files), made anew by the coordinator.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "image/image.h"
#include "restore/files.h"
#include "sys/fd.h"

namespace crtool::restore {

// One read-write descriptor for each Content, size and bytes in place. A deleted regular file
// exists under its old name only while it is made; when that is taken, under another one beside it,
// and when its directory is gone, in one above it.
std::unordered_map<uint32_t, sys::UniqueFd> make_contents(const image::Image& image,
                                                          const Files& files, int pages_fd);

// A descriptor for each open file that is a deleted directory, by OpenFile.id.
std::unordered_map<uint32_t, sys::UniqueFd> make_deleted_directories(const image::Image& image);

// An O_PATH descriptor for each FIFO that has lost its name, by Pipe.id. Nobody has it open, so
// that the tree's first reader or writer is its first.
std::unordered_map<uint32_t, sys::UniqueFd> make_deleted_fifos(const image::Image& image);

// A descriptor for each open file in /proc of a task that has gone, by OpenFile.id.
std::unordered_map<uint32_t, sys::UniqueFd> make_files_of_dead_tasks(const image::Image& image);

}  // namespace crtool::restore
