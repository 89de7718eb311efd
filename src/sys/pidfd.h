// A descriptor that stands for one task (or thread), immune to pid reuse.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "sys/fd.h"

namespace crtool::sys {

class PidFd {
  public:
    // pidfd_open(2) of a task (thread-group leader); throws Errc::gone when there is none. A zombie
    // still counts.
    explicit PidFd(pid_t pid);

    // Takes over a pidfd got elsewhere (clone3's CLONE_PIDFD, a file of the image).
    explicit PidFd(UniqueFd fd) : fd_(std::move(fd)) {}

    // nullopt when there is no such task.
    static std::optional<PidFd> try_open(pid_t pid);
    // Whether there are pidfds of single threads, leaders or not; kernel ≥ 6.9 (EINVAL before).
    static bool can_be_of_thread();
    // With flags of pidfd_open(2): PIDFD_NONBLOCK, PIDFD_THREAD.
    static PidFd with_flags(pid_t pid, unsigned flags);

    int fd() const { return fd_.get(); }

    UniqueFd release() { return std::move(fd_); }

    // pidfd_getfd(2): a copy of the task's descriptor, close-on-exec, the same open file. Needs
    // PTRACE_MODE_ATTACH_REALCREDS. Throws; try_take_fd gives nullopt when the descriptor is not
    // open (EBADF) or the task has gone.
    UniqueFd take_fd(int remote_fd) const;
    std::optional<UniqueFd> try_take_fd(int remote_fd) const;

    // pidfd_send_signal(2); false when the task has gone. Signal 0 only asks.
    bool send_signal(int signal) const;
    // The same with a siginfo of the caller's making (si_code < 0 for another task).
    bool send_signal(int signal, const siginfo_t& info) const;

    // Waits until the task is dead (a zombie or reaped); false when `timeout_ms` passed before.
    // −1 waits for ever, 0 only asks.
    bool wait_readable(int timeout_ms) const;

  private:
    UniqueFd fd_;
};

// How the task of a pidfd ended that has been waited for, as wait4(2) tells it; a thread's own end.
// nullopt: it has not, or the kernel does not know (it does since 6.15).
std::optional<uint32_t> exit_status_of(int pidfd);
// Whether the process has extended attributes that somebody gave it by a pidfd (kernel ≥ 6.17).
bool has_attributes(int pidfd);

}  // namespace crtool::sys
