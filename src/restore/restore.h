// Brings a saved tree back: all of it, or nothing.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>

#include "restore/options.h"

namespace crtool::restore {

struct Result {
    pid_t root = 0;
    uint64_t tasks = 0;
    uint64_t threads = 0;
    uint64_t page_bytes = 0;  // in pages.img
    std::chrono::nanoseconds total{};
};

// Returns when the tree runs; its root is a child of the caller (with Options::sibling: of the
// caller's parent). Throws Error, and then nothing of the tree is left. `cancelled` is looked at
// until the first task is let go. Must be called by a process with one thread, which becomes the
// tracer of the tree for that time.
Result run(const Options& options, const std::atomic<bool>& cancelled);

// Reads, checks and plans as run() does, and makes nothing. Throws what run() would throw of all
// that the image decides; the files that it names may still be in use by the tree.
void rehearse(const Options& options);

}  // namespace crtool::restore
