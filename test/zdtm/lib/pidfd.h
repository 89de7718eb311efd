// What the tests of pidfds share.
#pragma once

#include <poll.h>
#include <sys/ioctl.h>
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

// How a task ended that has been waited for, as wait4(2) tells it; -1: the kernel does not say
// (before 6.15, or as long as it has not been).
inline int exit_status_of(int fd) {
    constexpr uint64_t kExit = 1U << 3;  // PIDFD_INFO_EXIT

    // struct pidfd_info, first size.
    struct {
        uint64_t mask = kExit;
        uint32_t others[13] = {};
        int32_t exit_code = 0;
    } info;

    static_assert(sizeof info == 64);
    constexpr unsigned long kGetInfo = _IOWR(0xff, 11, info);  // PIDFD_GET_INFO
    if (ioctl(fd, kGetInfo, &info) == -1 || (info.mask & kExit) == 0) {
        return -1;
    }
    return info.exit_code;
}

}  // namespace zdtm
