// Single system calls in stopped threads, driven by ptrace: what must happen before a blob is in an
// address space, and after it has left.
//
// The instruction used is a `syscall` that the task already has, or the arena's; program text is
// never changed. Calls of many threads run in one batch, because most of their cost is switching:
// every thread is started before the first is waited for.
//
// Afterwards each thread is in a PTRACE_EVENT_STOP with foreign registers: the owner of the batch
// must put the saved ones back before the thread is let go. From that stop, unlike from one at the
// exit of a system call, the kernel restarts an interrupted call itself, because the thread is on
// its way through signal handling (arch_do_signal_or_restart).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "tracee/ptrace.h"

namespace crtool::tracee {

struct RemoteCall {
    pid_t tid = 0;
    uint64_t syscall_address = 0;  // where a `syscall` instruction is
    Registers base{};              // registers to start from; only the call's own are changed
    uint64_t number = 0;
    std::array<uint64_t, 6> args{};
    int64_t result = 0;  // out: result or -errno
    bool done = false;   // out: the call was made
};

// Runs all calls; all threads must be stopped, with all signals blocked. When a thread fails (it
// has gone meanwhile, as a rule), the others finish their calls first; then its error is thrown.
void run_remote(std::span<RemoteCall> calls);

}  // namespace crtool::tracee
