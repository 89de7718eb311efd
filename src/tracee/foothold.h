// What crtool must know of a task before it can do anything there.
#pragma once

#include <cstdint>
#include <vector>

#include "arch/x86_64/borrowed_code.h"

namespace crtool::tracee {

// How far down the stack of a thread may be written to.
struct StackRoom {
    uint64_t start = 0;    // of the area that the stack pointer is in; 0: it is in none
    bool certain = false;  // the area is nothing but a stack: the process' own, or one with a guard
};

struct Foothold {
    arch::BorrowedCode code;       // addresses; there is a `syscall` at least
    uint64_t free_address = 0;     // where nothing is mapped
    std::vector<StackRoom> rooms;  // one a thread
};

}  // namespace crtool::tracee
