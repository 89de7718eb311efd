// See remote.h.
#include "tracee/remote.h"

#include "base/error.h"

namespace crtool::tracee {
namespace {

// A signal that the thread was about to take when it stopped must not be lost: only SIGSTOP can be
// one here, everything else is blocked.
int signal_in_hand(WaitStatus status) {
    return status.is_signal_delivery() ? status.stop_signal() : 0;
}

// Resumes until the stop that is wanted; false when the thread ends. Stops of other kinds may come
// in between: a PTRACE_INTERRUPT that was asked twice, a SIGSTOP sent by somebody.
template <typename Resume>
bool reach(pid_t tid, bool (WaitStatus::*wanted)() const, Resume go_on) {
    for (;;) {
        WaitStatus status = wait(tid);
        if ((status.*wanted)())
            return true;
        if (status.ended())
            return false;
        go_on(tid, signal_in_hand(status));
    }
}

void start(const RemoteCall& call) {
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

}  // namespace

void run_remote(std::span<RemoteCall> calls) {
    pid_t gone = 0;
    for (const RemoteCall& call : calls)
        start(call);
    // Interrupted at the entry, the thread stops again when it has made the call.
    for (const RemoteCall& call : calls) {
        if (!reach(call.tid, &WaitStatus::is_syscall_stop, resume_to_syscall)) {
            gone = call.tid;
            continue;
        }
        interrupt(call.tid);
        resume(call.tid);
    }
    for (RemoteCall& call : calls) {
        if (call.tid == gone)
            continue;
        if (reach(call.tid, &WaitStatus::is_event_stop, resume))
            call.result = static_cast<int64_t>(get_registers(call.tid).rax);
        else
            gone = call.tid;
    }
    if (gone != 0)
        fail(Errc::gone, "thread {} has ended", gone);
}

}  // namespace crtool::tracee
