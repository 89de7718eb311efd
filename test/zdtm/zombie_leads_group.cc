// A zombie still leads the process group of its living brothers, and another zombie is a mere
// member of that group.
#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t leader = zdtm::fork_child([=] {
        CHECK_SYS(setpgid(0, 0));
        gate->arrive();
        gate->expect(3);
        _exit(7);
    });
    gate->expect(1);
    const pid_t live = zdtm::fork_child([=] {
        CHECK_SYS(setpgid(0, leader));
        zdtm::stay_the_same(gate);
    });
    const pid_t dead = zdtm::fork_child([=] {
        CHECK_SYS(setpgid(0, leader));
        gate->arrive();
        _exit(8);
    });
    zdtm::wait_zombie(leader);
    zdtm::wait_zombie(dead);

    zdtm::checkpoint_here();

    CHECK_EQ(getpgid(leader), leader);
    CHECK_EQ(getpgid(dead), leader);
    CHECK_EQ(getpgid(live), leader);
    CHECK_EQ(getsid(leader), getsid(0));
    zdtm::expect_exit(leader, 7);
    zdtm::expect_exit(dead, 8);
    gate->open();
    zdtm::expect_exit(live);
    zdtm::pass();
}
