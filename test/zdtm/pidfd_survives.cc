// pidfds of a child, of the process itself, of a zombie and of a process that has gone: each still
// stands for what it stood for.
#include <errno.h>
#include <fcntl.h>

#include "family.h"
#include "pidfd.h"

using zdtm::is_readable;
using zdtm::open_pidfd;
using zdtm::signal_by;

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
    const int gone = open_pidfd(reaped, O_NONBLOCK);
    zdtm::expect_exit(reaped);
    zdtm::wait_until([&] { return is_readable(zombie); });

    zdtm::checkpoint_here();

    CHECK(!is_readable(living));
    CHECK(!is_readable(self));
    CHECK(is_readable(zombie));
    CHECK(is_readable(gone));
    CHECK(fcntl(gone, F_GETFL) & O_NONBLOCK);
    CHECK_EQ(signal_by(gone, 0), -1);
    CHECK_EQ(errno, ESRCH);
    CHECK_SYS(signal_by(self, 0));
    siginfo_t info{};
    CHECK_SYS(waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(zombie), &info, WEXITED));
    CHECK_EQ(info.si_pid, dead);
    CHECK_EQ(info.si_status, 3);
    CHECK_SYS(signal_by(copy, SIGTERM));
    zdtm::wait_until([&] { return is_readable(living); });
    int status = 0;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, SIGTERM);
    zdtm::pass();
}
