// The members of a session stay in it, in their groups, though its leader is dead and reaped.
#include <sys/prctl.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    // The orphans must come to the root, or they would leave the tree.
    CHECK_SYS(prctl(PR_SET_CHILD_SUBREAPER, 1));
    const pid_t root = getpid();
    const pid_t leader = zdtm::fork_child([=] {
        const pid_t session = CHECK_SYS(setsid());
        for (const bool own_group : {false, true}) {
            zdtm::fork_child([=] {
                if (own_group) {
                    CHECK_SYS(setpgid(0, 0));
                }
                zdtm::wait_until([=] { return getppid() == root; });
                CHECK_EQ(getsid(0), session);
                zdtm::stay_the_same(gate);
                CHECK_EQ(getpgrp(), own_group ? getpid() : session);
            });
        }
    });
    zdtm::expect_exit(leader);
    gate->expect(2);
    CHECK(kill(leader, 0) == -1 && errno == ESRCH);
    zdtm::checkpoint_here();
    // No stand-in for the leader may be left.
    CHECK(kill(leader, 0) == -1 && errno == ESRCH);
    gate->open();
    zdtm::expect_exits(2);
    zdtm::pass();
}
