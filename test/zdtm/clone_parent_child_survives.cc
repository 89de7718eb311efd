// Children made with CLONE_PARENT: siblings of their maker, in its group and session; the maker
// may be alive, dead, or the leader of a session.
#include "family.h"

namespace {

zdtm::Gate* gate;

// Ends with the pid of its sibling in the shared slot.
void make_sibling(std::atomic<int64_t>* slot, pid_t root) {
    *slot = zdtm::clone_child(CLONE_PARENT | SIGCHLD, [=] {
        CHECK_EQ(getppid(), root);
        zdtm::stay_the_same(gate);
    });
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    gate = zdtm::Gate::make();
    zdtm::Shared* shared = zdtm::Shared::make();
    const pid_t root = getpid();
    const pid_t live_maker = zdtm::fork_child([=] {
        make_sibling(&shared->slot[0], root);
        zdtm::stay_the_same(gate);
    });
    const pid_t dead_maker = zdtm::fork_child([=] {
        CHECK_SYS(setpgid(0, 0));
        make_sibling(&shared->slot[1], root);
    });
    zdtm::expect_exit(dead_maker);
    const pid_t leading_maker = zdtm::fork_child([=] {
        CHECK_SYS(setsid());
        make_sibling(&shared->slot[2], root);
        zdtm::stay_the_same(gate);
    });
    gate->expect(5);
    const auto sibling = [=](int i) { return static_cast<pid_t>(shared->slot[i].load()); };

    zdtm::checkpoint_here();

    CHECK_EQ(getpgid(sibling(0)), getpgrp());
    CHECK_EQ(getpgid(sibling(1)), dead_maker);
    CHECK_EQ(getsid(sibling(2)), leading_maker);
    gate->open();
    zdtm::expect_exit(live_maker);
    zdtm::expect_exit(leading_maker);
    for (int i = 0; i < 3; i++) {
        zdtm::expect_exit(sibling(i));
    }
    zdtm::pass();
}
