// See memory_reader.h.
#include "dump/memory_reader.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "base/fault.h"
#include "sys/signal_block.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {
namespace {

constexpr uint64_t kUserEnd = 0x7ffffffff000;
// A helper costs as much as reading a task or two.
constexpr size_t kTasksPerHelper = 8;
constexpr size_t kMostHelpers = 7;

MemoryLook look_at(const sys::ProcDir& proc) {
    MemoryLook look;
    look.areas = sys::read_maps(proc.open("smaps", O_RDONLY).get());
    sys::Pagemap pagemap(proc.open("pagemap", O_RDONLY));
    look.pages = pagemap.scan(0, kUserEnd,
                              {.required = 0,
                               .excluded = PAGE_IS_FILE | PAGE_IS_PFNZERO,
                               .any_of = PAGE_IS_PRESENT | PAGE_IS_SWAPPED | PAGE_IS_GUARD,
                               .reported = PAGE_IS_GUARD});
    return look;
}

}  // namespace

MemoryReader::MemoryReader(std::span<const tracee::FrozenTask> tasks)
    : tasks_(tasks), slots_(std::make_unique<Slot[]>(tasks.size())) {
    size_t others = std::max(std::thread::hardware_concurrency(), 1u) - 1;
    size_t wanted = std::min({tasks.size() / kTasksPerHelper, others, kMostHelpers});
    // Signals are for the thread that a wait must be broken off in.
    sys::SignalBlock block;
    while (helpers_.size() < wanted)
        helpers_.emplace_back([this](const std::stop_token& stop) {
            while (!stop.stop_requested() && read_one()) {
            }
        });
}

MemoryReader::~MemoryReader() = default;

bool MemoryReader::read_one() noexcept {
    size_t index = next_.fetch_add(1);
    if (index >= tasks_.size())
        return false;
    Slot& slot = slots_[index];
    try {
        if (!tasks_[index].zombie())
            slot.look = look_at(tasks_[index].proc);
    } catch (...) {
        slot.failure = std::current_exception();
    }
    slot.done = true;
    slot.done.notify_one();
    return true;
}

MemoryLook MemoryReader::take(size_t index) {
    fault::point("read the areas and pages");
    Slot& slot = slots_[index];
    while (!slot.done && read_one()) {
    }
    slot.done.wait(false);
    if (slot.failure)
        std::rethrow_exception(slot.failure);
    return std::exchange(slot.look, {});
}

}  // namespace crtool::dump
