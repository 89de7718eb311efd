// See remote.h.
#include "tracee/remote.h"

#include <vector>

#include "base/error.h"
#include "base/first_error.h"

namespace crtool::tracee {
namespace {

// A signal that the thread was about to take when it stopped must not be lost: only SIGSTOP can be
// one here, everything else is blocked.
int signal_in_hand(WaitStatus status) {
    return status.is_signal_delivery() ? status.stop_signal() : 0;
}

// Resumes until the stop that is wanted. Stops of other kinds may come in between: a
// PTRACE_INTERRUPT that was asked twice, a SIGSTOP sent by somebody.
template <typename Resume>
void reach(pid_t tid, bool (WaitStatus::*wanted)() const, Resume go_on) {
    for (;;) {
        WaitStatus status = wait(tid);
        if ((status.*wanted)())
            return;
        if (status.ended())
            fail(Errc::gone, "thread {} has ended", tid);
        go_on(tid, signal_in_hand(status));
    }
}

void start(RemoteCall& call) {
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

// Interrupted at the entry, the thread stops again when it has made the call.
void enter(RemoteCall& call) {
    reach(call.tid, &WaitStatus::is_syscall_stop, resume_to_syscall);
    interrupt(call.tid);
    resume(call.tid);
}

void leave(RemoteCall& call) {
    reach(call.tid, &WaitStatus::is_event_stop, resume);
    call.result = static_cast<int64_t>(get_registers(call.tid).rax);
    call.done = true;
}

}  // namespace

void run_remote(std::span<RemoteCall> calls) {
    FirstError failures;
    std::vector<RemoteCall*> under_way;
    under_way.reserve(calls.size());
    for (RemoteCall& call : calls)
        under_way.push_back(&call);
    for (auto step : {start, enter, leave})
        std::erase_if(under_way,
                      [&](RemoteCall* call) { return !failures.attempt([&] { step(*call); }); });
    failures.rethrow();
}

}  // namespace crtool::tracee
