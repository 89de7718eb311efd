// See pidfd.h.
#include "sys/pidfd.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string>

#include "base/error.h"
#include "sys/uapi_compat.h"

namespace crtool::sys {
namespace {

long open_pidfd(pid_t pid, unsigned flags) {
    // The kernel makes every pidfd close-on-exec.
    return ::syscall(SYS_pidfd_open, pid, flags);
}

bool send(int fd, int signal, const siginfo_t* info) {
    if (::syscall(SYS_pidfd_send_signal, fd, signal, info, 0) == 0)
        return true;
    if (errno == ESRCH)
        return false;
    fail_errno(errno, "cannot send signal {}", signal);
}

}  // namespace

PidFd::PidFd(pid_t pid) {
    std::optional<PidFd> found = try_open(pid);
    if (!found)
        fail(Errc::gone, "task {} has gone", pid);
    fd_ = std::move(found->fd_);
}

std::optional<PidFd> PidFd::try_open(pid_t pid) {
    long fd = open_pidfd(pid, 0);
    // The id of a thread that leads no group: kernels ≥ 6.9 have pidfds for those too.
    if (fd < 0 && (errno == EINVAL || errno == ENOENT))
        fd = open_pidfd(pid, PIDFD_THREAD);
    if (fd >= 0)
        return PidFd(UniqueFd(static_cast<int>(fd)));
    if (errno == ESRCH)
        return std::nullopt;
    fail_errno(errno, "cannot open a pidfd of task {}", pid);
}

bool PidFd::can_be_of_thread() {
    return UniqueFd(static_cast<int>(open_pidfd(::gettid(), PIDFD_THREAD))).valid();
}

PidFd PidFd::with_flags(pid_t pid, unsigned flags) {
    const char* what = (flags & PIDFD_THREAD) != 0 ? "thread" : "task";
    long fd = open_pidfd(pid, flags);
    if (fd >= 0)
        return PidFd(UniqueFd(static_cast<int>(fd)));
    if (errno == ESRCH)
        fail(Errc::gone, "{} {} has gone", what, pid);
    fail_errno(errno, "cannot open a pidfd of {} {}", what, pid);
}

UniqueFd PidFd::take_fd(int remote_fd) const {
    long fd = ::syscall(SYS_pidfd_getfd, fd_.get(), remote_fd, 0);
    if (fd < 0)
        fail_errno(errno, "cannot take descriptor {}", remote_fd);
    return UniqueFd(static_cast<int>(fd));
}

std::optional<UniqueFd> PidFd::try_take_fd(int remote_fd) const {
    long fd = ::syscall(SYS_pidfd_getfd, fd_.get(), remote_fd, 0);
    if (fd >= 0)
        return UniqueFd(static_cast<int>(fd));
    if (errno == EBADF || errno == ESRCH)
        return std::nullopt;
    fail_errno(errno, "cannot take descriptor {}", remote_fd);
}

bool PidFd::send_signal(int signal) const {
    return send(fd_.get(), signal, nullptr);
}

bool PidFd::send_signal(int signal, const siginfo_t& info) const {
    return send(fd_.get(), signal, &info);
}

bool PidFd::wait_readable(int timeout_ms) const {
    pollfd poll_fd{fd_.get(), POLLIN, 0};
    for (;;) {
        int ready = ::poll(&poll_fd, 1, timeout_ms);
        if (ready >= 0)
            return ready > 0;
        // A signal for crtool itself: the time that has passed is waited for again, which is
        // harmless since a caller that must stop at a signal asks with short timeouts.
        if (errno != EINTR)
            fail_errno(errno, "cannot wait for a task's end");
    }
}

std::optional<uint32_t> exit_status_of(int pidfd) {
    uapi::PidfdInfo info{};
    info.mask = PIDFD_INFO_EXIT;
    if (::ioctl(pidfd, PIDFD_GET_INFO, &info) != 0 || (info.mask & PIDFD_INFO_EXIT) == 0)
        return std::nullopt;
    return static_cast<uint32_t>(info.exit_code);
}

bool has_attributes(int pidfd) {
    ssize_t size = ::flistxattr(pidfd, nullptr, 0);
    if (size <= 0)
        return false;
    std::string names(static_cast<size_t>(size), '\0');
    size = ::flistxattr(pidfd, names.data(), names.size());
    // Names end with NUL. Those of security modules are not set by anybody.
    return size > 0 && ('\0' + names).find(std::string("\0trusted.", 9)) != std::string::npos;
}

}  // namespace crtool::sys
