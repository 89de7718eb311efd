// A dump from beginning to end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

#include "dump/options.h"

namespace crtool::dump {

struct Result {
    uint32_t tasks = 0;
    uint32_t threads = 0;
    uint64_t page_bytes = 0;            // of page content in the image
    std::chrono::nanoseconds frozen{};  // from the first stop until the tree runs or dies
    std::chrono::nanoseconds total{};
};

// Asked, when the image is complete and before the tree is ended, whether it can be restored;
// throws why not. (The dump side does not know the other.)
using Rehearsal = std::function<void()>;

// Saves the tree into options.images_dir and does with it what options.after says. Throws Error;
// the tree then runs (or stands) as it did before and the directory holds no new image. `cancelled`
// may turn true at any time, with a signal that interrupts system calls.
Result run(const Options& options, const std::atomic<bool>& cancelled, const Rehearsal& rehearse);

}  // namespace crtool::dump
