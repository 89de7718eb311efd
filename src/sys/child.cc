// See child.h.
#include "sys/child.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

namespace crtool::sys {
namespace {

constexpr int kUncaughtException = 70;  // EX_SOFTWARE of sysexits.h

[[noreturn]] void run_and_exit(const std::function<int()>& body) {
    int code = kUncaughtException;
    try {
        code = body();
    } catch (...) {
        code = kUncaughtException;
    }
    ::_exit(code);
}

pid_t wait_for(pid_t pid, int& status, int options) {
    for (;;) {
        pid_t got = ::waitpid(pid, &status, options);
        if (got >= 0)
            return got;
        if (errno != EINTR)
            fail_errno(errno, "cannot wait for child {}", pid);
    }
}

}  // namespace

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    if (this != &other) {
        kill_and_reap();
        pid_ = other.release();
    }
    return *this;
}

ChildProcess::~ChildProcess() {
    kill_and_reap();
}

void ChildProcess::kill_and_reap() noexcept {
    if (pid_ == 0)
        return;
    ::kill(pid_, SIGKILL);
    // __WALL: a child made with another exit signal than SIGCHLD is waited for too.
    while (::waitpid(pid_, nullptr, __WALL) < 0 && errno == EINTR) {
    }
    pid_ = 0;
}

ChildProcess ChildProcess::spawn(const std::function<int()>& body, uint64_t clone_flags) {
    clone_args args{};
    args.flags = clone_flags;
    args.exit_signal = SIGCHLD;
    long pid = clone_flags == 0 ? ::fork() : ::syscall(SYS_clone3, &args, sizeof(args));
    if (pid < 0)
        fail_errno(errno, "cannot start a child process");
    if (pid == 0)
        run_and_exit(body);
    return ChildProcess(static_cast<pid_t>(pid));
}

int ChildProcess::wait() {
    int status = 0;
    wait_for(pid_, status, __WALL);
    pid_ = 0;
    return status;
}

std::optional<int> ChildProcess::try_wait() {
    int status = 0;
    if (wait_for(pid_, status, __WALL | WNOHANG) == 0)
        return std::nullopt;
    pid_ = 0;
    return status;
}

void ChildProcess::send_signal(int signal) const {
    if (::kill(pid_, signal) != 0)
        fail_errno(errno, "cannot send signal {} to child {}", signal, pid_);
}

}  // namespace crtool::sys
