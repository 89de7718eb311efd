// What the target of the fault tests tells of itself: one line for each of its threads, in a file
// that it maps and the scripts read (harness.py knows the layout).
#pragma once

#include <atomic>
#include <cstdint>

namespace target {

// All memory-order and size choices are plain: one writer for each slot, read from outside.
struct Slot {
    char name[24];
    std::atomic<uint64_t> endless;  // 1: sits in one call for ever
    std::atomic<uint64_t> loops;    // calls that ended as they should
    std::atomic<uint64_t> eintr;    // calls that ended with EINTR
    std::atomic<uint64_t> wrong;    // calls that ended too early or with another result
};

struct Board {
    std::atomic<uint64_t> slots;  // written last: the target is ready
    Slot slot[63];
};

static_assert(sizeof(Slot) == 56 && sizeof(Board) == 8 + 63 * 56);

}  // namespace target
