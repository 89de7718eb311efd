// See read_ahead.h.
#include "sys/read_ahead.h"

#include <algorithm>
#include <utility>

#include "sys/signal_block.h"

namespace crtool::sys {
namespace {

constexpr size_t kMostHelpers = 7;

}  // namespace

ReadAhead::ReadAhead(size_t jobs, size_t helpers, Job job)
    : job_(std::move(job)), jobs_(jobs), slots_(std::make_unique<Slot[]>(jobs)), left_(jobs) {
    if (helpers == 0)
        return;
    size_t others = std::max(std::thread::hardware_concurrency(), 1u) - 1;
    helpers = std::min({helpers, others, kMostHelpers});
    // Signals are for the thread that a wait must be broken off in.
    SignalBlock block;
    while (helpers_.size() < helpers)
        helpers_.emplace_back([this](const std::stop_token& stop) { help(stop); });
}

ReadAhead::~ReadAhead() = default;

void ReadAhead::help(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        size_t index = left_.fetch_sub(1) - 1;
        // Before the first it wraps around; before one that the caller has begun all are begun.
        uint32_t is_free = kFree;
        if (index >= jobs_ || !slots_[index].state.compare_exchange_strong(is_free, kTaken))
            return;
        run(slots_[index], index);
    }
}

void ReadAhead::run(Slot& slot, size_t index) noexcept {
    try {
        job_(index);
    } catch (...) {
        slot.failure = std::current_exception();
    }
    slot.state = kDone;
    slot.state.notify_one();
}

void ReadAhead::await(size_t index) {
    Slot& slot = slots_[index];
    uint32_t state = kFree;
    if (slot.state.compare_exchange_strong(state, kTaken))
        run(slot, index);
    else
        slot.state.wait(kTaken);
    if (slot.failure)
        std::rethrow_exception(slot.failure);
}

}  // namespace crtool::sys
