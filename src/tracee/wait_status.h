// What waitpid(2) reported, decoded once.
#pragma once

#include <sys/ptrace.h>
#include <sys/wait.h>

#include <csignal>

namespace crtool::tracee {

class WaitStatus {
  public:
    WaitStatus() = default;

    explicit WaitStatus(int raw) : raw_(raw) {}

    int raw() const { return raw_; }

    // The thread is gone; it will not be heard of again.
    bool ended() const { return WIFEXITED(raw_) || WIFSIGNALED(raw_); }

    bool stopped() const { return WIFSTOPPED(raw_); }

    int stop_signal() const { return WSTOPSIG(raw_); }

    // PTRACE_EVENT_* or 0.
    int event() const { return raw_ >> 16; }

    // By PTRACE_INTERRUPT, or a group stop.
    bool is_event_stop() const { return stopped() && event() == PTRACE_EVENT_STOP; }

    // A group stop shows the stopping signal instead of SIGTRAP (ptrace(2), "Group-stop").
    bool is_group_stop() const { return is_event_stop() && stop_signal() != SIGTRAP; }

    // Entry or exit of a system call, marked by PTRACE_O_TRACESYSGOOD.
    bool is_syscall_stop() const { return stopped() && stop_signal() == (SIGTRAP | 0x80); }

    bool is_signal_delivery() const { return stopped() && event() == 0 && !is_syscall_stop(); }

  private:
    int raw_ = 0;
};

}  // namespace crtool::tracee
