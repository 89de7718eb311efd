// pidfds of a child, of the process itself, of a zombie and of a process that has gone: each still
// stands for what it stood for.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>

#include "family.h"

namespace {

int open_pidfd(pid_t pid, unsigned flags = 0) {
    return CHECK_SYS(static_cast<int>(syscall(SYS_pidfd_open, pid, flags)));
}

bool is_readable(int fd) {
    pollfd poll_fd{fd, POLLIN, 0};
    return CHECK_SYS(poll(&poll_fd, 1, 0)) == 1;
}

int send(int fd, int signal) {
    return static_cast<int>(syscall(SYS_pidfd_send_signal, fd, signal, nullptr, 0));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const pid_t child = zdtm::fork_child([] { pause(); });
    const int living = open_pidfd(child, O_NONBLOCK);
    CHECK_SYS(fcntl(living, F_SETFD, 0));
    const int copy = CHECK_SYS(fcntl(living, F_DUPFD_CLOEXEC, 50));
    const int self = open_pidfd(getpid());
    const pid_t dead = zdtm::fork_child([] { _exit(3); });
    const int zombie = open_pidfd(dead);
    const pid_t reaped = zdtm::fork_child([] {});
    const int gone = open_pidfd(reaped);
    zdtm::expect_exit(reaped);
    zdtm::wait_until([&] { return is_readable(zombie); });

    zdtm::checkpoint_here();

    CHECK(!is_readable(living));
    CHECK(!is_readable(self));
    CHECK(is_readable(zombie));
    CHECK(is_readable(gone));
    CHECK_EQ(send(gone, 0), -1);
    CHECK_EQ(errno, ESRCH);
    CHECK_SYS(send(self, 0));
    siginfo_t info{};
    CHECK_SYS(waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(zombie), &info, WEXITED));
    CHECK_EQ(info.si_pid, dead);
    CHECK_EQ(info.si_status, 3);
    CHECK_SYS(send(copy, SIGTERM));
    zdtm::wait_until([&] { return is_readable(living); });
    int status = 0;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, SIGTERM);
    zdtm::pass();
}
