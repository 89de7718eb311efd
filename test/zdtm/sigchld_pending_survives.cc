// A SIGCHLD that was pending stays pending, with what it says of the child.
#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    CHECK_SYS(sigprocmask(SIG_BLOCK, &set, nullptr));
    const pid_t first = zdtm::fork_child([] {
        CHECK_SYS(setresuid(1234, 1234, 1234));
        _exit(66);
    });
    zdtm::wait_zombie(first);
    // Signals below SIGRTMIN do not queue: of the second death nothing is pending.
    const pid_t second = zdtm::fork_child([] { _exit(67); });
    zdtm::wait_zombie(second);

    zdtm::checkpoint_here();

    const timespec none = {};
    siginfo_t info = {};
    CHECK_EQ(sigtimedwait(&set, &info, &none), SIGCHLD);
    CHECK_EQ(info.si_code, CLD_EXITED);
    CHECK_EQ(info.si_pid, first);
    CHECK_EQ(info.si_uid, 1234);
    CHECK_EQ(info.si_status, 66);
    CHECK(sigtimedwait(&set, &info, &none) == -1 && errno == EAGAIN);
    zdtm::expect_exit(first, 66);
    zdtm::expect_exit(second, 67);
    zdtm::pass();
}
