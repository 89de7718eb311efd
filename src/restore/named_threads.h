// Threads, other than the first of a task, that open files stand for: pidfds with PIDFD_THREAD, and
// what is in /proc of a thread.
//
// Mostly the threads of a task are made when its files are complete: as long as nobody shares a
// descriptor table, the kernel makes it longer without waiting for anybody (expand_fdtable() in
// fs/file.c waits for a grace period of RCU otherwise). But a file that stands for a thread can
// only be opened of one that exists, so the tasks of these have all of their threads before any
// file of the tree is opened. They wait for stage kThreads, like others.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "image/image.h"

namespace crtool::restore {

// Pids.
std::unordered_set<uint32_t> tasks_of_named_threads(const image::Image& image);

}  // namespace crtool::restore
