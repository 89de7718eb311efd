// What a stopped thread must get back after it has worked for crtool.
#pragma once

#include <cstdint>
#include <string>

#include "tracee/ptrace.h"

namespace crtool::tracee {

struct ThreadState {
    pid_t tid = 0;
    Registers registers{};
    Registers interrupted{};  // the same for a thread without the restart block of this one
    std::string xstate;
    uint64_t sigmask = 0;
    RseqConfig rseq;
    uint64_t rseq_cs = 0;  // struct rseq's rseq_cs field
    SyscallDispatch dispatch;
};

// Reads it all; changes nothing.
ThreadState capture(pid_t tid);

// Makes the thread fit to run foreign code: all signals blocked, no system call dispatch, and, when
// `suspend_seccomp`, no seccomp as long as it is traced (needs CAP_SYS_ADMIN).
void prepare_visit(const ThreadState& state, bool suspend_seccomp);

// Puts everything back: the thread stands in a PTRACE_EVENT_STOP with its own registers, and the
// kernel restarts an interrupted system call when it is resumed; the mask before the registers, as
// until then those that it has lead home. `pid` owns the memory. The thread must be in a ptrace
// stop.
void put_back(const ThreadState& state, pid_t pid);

}  // namespace crtool::tracee
