// The members of a process group stay in it though its leader is dead and reaped.
#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t leader = zdtm::fork_child([=] {
        CHECK_SYS(setpgid(0, 0));
        gate->arrive();
        pause();
    });
    gate->expect(1);
    pid_t members[3];
    for (pid_t& member : members) {
        member = zdtm::fork_child([=] {
            CHECK_SYS(setpgid(0, leader));
            zdtm::stay_the_same(gate);
            CHECK_EQ(getpgrp(), leader);
        });
    }
    gate->expect(4);
    zdtm::kill_and_reap(leader);

    zdtm::checkpoint_here();

    CHECK(kill(leader, 0) == -1 && errno == ESRCH);
    CHECK_SYS(kill(-leader, 0));
    gate->open();
    for (const pid_t member : members) {
        zdtm::expect_exit(member);
    }
    CHECK(kill(-leader, 0) == -1 && errno == ESRCH);
    zdtm::pass();
}
