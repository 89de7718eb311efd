// A zombie led a session: an orphan of it lives on in that session, and the zombie still counts as
// its leader. A second session is led by a zombie alone.
#include <sys/prctl.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    CHECK_SYS(prctl(PR_SET_CHILD_SUBREAPER, 1));
    const pid_t root = getpid();
    const pid_t leader = zdtm::fork_child([=] {
        CHECK_SYS(setsid());
        zdtm::fork_child([=] {
            zdtm::wait_until([=] { return getppid() == root; });
            zdtm::stay_the_same(gate);
        });
        _exit(11);
    });
    const pid_t lonely = zdtm::fork_child([] {
        CHECK_SYS(setsid());
        raise(SIGKILL);
    });
    gate->expect(1);
    zdtm::wait_zombie(leader);
    zdtm::wait_zombie(lonely);

    zdtm::checkpoint_here();

    CHECK_EQ(getsid(leader), leader);
    CHECK_EQ(getpgid(leader), leader);
    CHECK_EQ(getsid(lonely), lonely);
    zdtm::expect_exit(leader, 11);
    int status = 0;
    CHECK_EQ(waitpid(lonely, &status, 0), lonely);
    CHECK_EQ(status, SIGKILL);
    gate->open();
    zdtm::expect_exits(1);
    zdtm::pass();
}
