// What brings a thread home when crtool dies while the thread makes a system call that maps the
// arena, or takes it away: below what the thread uses of its stack (and below its red zone) lie,
// for as long as needed,
//
//   undo:  the address of an instruction that makes rt_sigreturn(2), and a signal frame whose
//          registers make the call that takes the arena away, and return to
//   home:  the same address, and a frame that leads home.
//
// The kernel itself would put the frame of a signal there. Afterwards the bytes are as they were.
#pragma once

#include <vector>

#include "parasite/script.h"
#include "tracee/foothold.h"
#include "tracee/thread_state.h"

namespace crtool::parasite {

// Where the stack of thread number `index` has room for it; .stack is that of `home`. All zeros
// when the task lacks an instruction or the stack has no room.
Lifeline find_lifeline(const tracee::Foothold& foothold, const tracee::ThreadState& thread,
                       const tracee::StackRoom& room);

class LaidLifeline {
  public:
    // Writes it. `thread` must be stopped; it and `lifeline` must outlive this.
    LaidLifeline(const Lifeline& lifeline, const tracee::ThreadState& thread, uint64_t arena,
                 uint64_t arena_size);
    // For registers to start calls from, which must be made at lifeline.syscall_ret.
    tracee::Registers undo() const;
    tracee::Registers home() const;
    // Of a thread that makes no call and goes home.
    tracee::Registers go_home() const;
    // Puts the bytes back; nothing may lead to it any more.
    void take_back();

  private:
    const Lifeline& lifeline_;
    const tracee::ThreadState& thread_;
    uint64_t begin_;
    std::vector<std::byte> before_;
};

}  // namespace crtool::parasite
