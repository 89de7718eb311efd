// What the tests of pidfds share.
#pragma once

#include <poll.h>
#include <sys/syscall.h>

#include "zdtm.h"

namespace zdtm {

constexpr unsigned kOfThread = 0200;  // PIDFD_THREAD, O_EXCL

inline int open_pidfd(pid_t pid, unsigned flags = 0) {
    return CHECK_SYS(static_cast<int>(syscall(SYS_pidfd_open, pid, flags)));
}

inline short events_of(int fd) {
    pollfd poll_fd{fd, POLLIN, 0};
    CHECK_SYS(poll(&poll_fd, 1, 0));
    return poll_fd.revents;
}

inline bool is_readable(int fd) {
    return (events_of(fd) & POLLIN) != 0;
}

// To whomever it stands for: a process, or one thread.
inline int signal_by(int fd, int signal) {
    return static_cast<int>(syscall(SYS_pidfd_send_signal, fd, signal, nullptr, 0));
}

}  // namespace zdtm
