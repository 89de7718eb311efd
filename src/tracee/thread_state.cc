// See thread_state.h.
#include "tracee/thread_state.h"

#include <array>
#include <cstddef>
#include <span>

#include "arch/x86_64/restart.h"
#include "base/error.h"
#include "sys/uapi_compat.h"

namespace crtool::tracee {
namespace {

// struct rseq of linux/rseq.h: cpu_id_start, cpu_id, rseq_cs.
constexpr uint64_t kRseqCsOffset = 8;

Registers without_resuming(pid_t tid, const Registers& registers) {
    if (!arch::is_about_to_resume(registers))
        return registers;
    std::array<std::byte, arch::kCallSiteBytes> code{};
    try {
        read_memory(tid, registers.rip + arch::kSyscallBytes - code.size(), code);
    } catch (const Error&) {
        return registers;  // its own number by chance, at the start of its code
    }
    return arch::as_interrupted(registers, code);
}

}  // namespace

ThreadState capture(pid_t tid) {
    ThreadState state;
    state.tid = tid;
    state.registers = get_registers(tid);
    state.interrupted = without_resuming(tid, state.registers);
    state.xstate = get_xstate(tid);
    state.sigmask = get_sigmask(tid);
    state.rseq = get_rseq(tid);
    if (state.rseq.address != 0)
        read_memory(tid, state.rseq.address + kRseqCsOffset,
                    std::as_writable_bytes(std::span(&state.rseq_cs, 1)));
    state.dispatch = get_syscall_dispatch(tid);
    return state;
}

void prepare_visit(const ThreadState& state, bool suspend_seccomp) {
    set_sigmask(state.tid, ~0ull);
    if (state.dispatch.mode != 0)
        set_syscall_dispatch(state.tid, SyscallDispatch{});
    if (suspend_seccomp)
        set_options(state.tid, PTRACE_O_TRACESYSGOOD | PTRACE_O_SUSPEND_SECCOMP);
}

void put_back(const ThreadState& state, pid_t pid) {
    set_xstate(state.tid, state.xstate);
    set_sigmask(state.tid, state.sigmask);
    // The kernel clears rseq_cs of a thread that it finds outside the critical section, as it was
    // during the visit. With the field back it sees the thread inside and aborts the section.
    if (state.rseq_cs != 0)
        write_memory(pid, state.rseq.address + kRseqCsOffset,
                     std::as_bytes(std::span(&state.rseq_cs, 1)));
    set_registers(state.tid, state.registers);
    // After the registers: the calls on the other way home would be dispatched.
    if (state.dispatch.mode != 0)
        set_syscall_dispatch(state.tid, state.dispatch);
}

}  // namespace crtool::tracee
