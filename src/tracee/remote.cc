// See remote.h.
#include "tracee/remote.h"

#include <vector>

#include "base/error.h"

namespace crtool::tracee {
namespace {

// A signal that the thread was about to take when it stopped must not be lost: only SIGSTOP can be
// one here, everything else is blocked.
int signal_in_hand(WaitStatus status) {
    return status.is_signal_delivery() ? status.stop_signal() : 0;
}

// Resumes until a system-call stop. Stops of other kinds may come in between: a PTRACE_INTERRUPT
// that was asked twice, a SIGSTOP sent by somebody.
void wait_syscall_stop(pid_t tid) {
    for (;;) {
        WaitStatus status = wait(tid);
        if (status.is_syscall_stop())
            return;
        if (status.ended())
            fail(Errc::gone, "thread {} has ended", tid);
        resume_to_syscall(tid, signal_in_hand(status));
    }
}

}  // namespace

void run_remote(std::span<RemoteCall> calls) {
    for (RemoteCall& call : calls) {
        Registers registers = call.base;
        registers.rip = call.syscall_address;
        registers.rax = call.number;
        registers.orig_rax = static_cast<unsigned long long>(-1);  // nothing to restart
        registers.rdi = call.args[0];
        registers.rsi = call.args[1];
        registers.rdx = call.args[2];
        registers.r10 = call.args[3];
        registers.r8 = call.args[4];
        registers.r9 = call.args[5];
        set_registers(call.tid, registers);
        resume_to_syscall(call.tid);
    }
    for (RemoteCall& call : calls) {
        wait_syscall_stop(call.tid);
        resume_to_syscall(call.tid);
    }
    for (RemoteCall& call : calls) {
        wait_syscall_stop(call.tid);
        call.result = static_cast<int64_t>(get_registers(call.tid).rax);
    }
}

void settle_home(pid_t tid, const Registers& registers) {
    interrupt(tid);
    int signal = 0;
    for (;;) {
        resume(tid, signal);
        WaitStatus status = wait(tid);
        if (status.ended())
            fail(Errc::gone, "thread {} has ended", tid);
        if (status.is_event_stop())
            break;
        signal = signal_in_hand(status);
    }
    set_registers(tid, registers);
}

std::optional<Foothold> find_foothold(pid_t pid, uint64_t start, uint64_t end) {
    std::vector<std::byte> text(end - start);
    read_memory(pid, start, text);
    for (size_t i = 0; i + 1 < text.size(); i++)
        if (text[i] == std::byte{0x0f} && text[i + 1] == std::byte{0x05})
            return Foothold{start + i};
    return std::nullopt;
}

}  // namespace crtool::tracee
