// A waitid for any child waits on, and tells who ended and how.
#include "blocked.h"
#include "signals.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    zdtm::checkpoint_in_endless_call(
        SYS_waitid,
        [&] {
            const pid_t grandchild = zdtm::fork_child([&] {
                zdtm::wait_until([&] { return shared->go == 1; }, 600);
                raise(SIGKILL);
            });
            siginfo_t info = {};
            CHECK_SYS(waitid(P_ALL, 0, &info, WEXITED));
            CHECK_EQ(info.si_pid, grandchild);
            CHECK_EQ(info.si_code, CLD_KILLED);
            CHECK_EQ(info.si_status, SIGKILL);
        },
        [&](pid_t) { shared->go = 1; });
    zdtm::pass();
}
