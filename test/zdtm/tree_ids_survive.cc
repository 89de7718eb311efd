// Every task of a small tree keeps its pid, parent, group and session, and every thread its tid.
#include <thread>

#include "family.h"

using zdtm::fork_child;

namespace {

zdtm::Gate* gate;

void leaf() {
    zdtm::stay_the_same(gate);
}

void group_leader_with_children() {
    CHECK_SYS(setpgid(0, 0));
    const pid_t member = fork_child(leaf);
    const pid_t own_group = fork_child([] {
        CHECK_SYS(setpgid(0, 0));
        leaf();
    });
    leaf();
    zdtm::expect_exit(member);
    zdtm::expect_exit(own_group);
}

void session_leader_with_children() {
    CHECK_SYS(setsid());
    const pid_t first = fork_child([] {
        CHECK_SYS(setpgid(0, 0));
        leaf();
    });
    CHECK_SYS(setpgid(first, first));
    const pid_t joined = fork_child([first] {
        CHECK_SYS(setpgid(0, first));
        leaf();
    });
    const pid_t inner_session = fork_child([] {
        CHECK_SYS(setsid());
        leaf();
    });
    leaf();
    zdtm::expect_exit(first);
    zdtm::expect_exit(joined);
    zdtm::expect_exit(inner_session);
}

void threaded() {
    std::thread one(leaf);
    std::thread two(leaf);
    leaf();
    one.join();
    two.join();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    gate = zdtm::Gate::make();
    const pid_t children[] = {fork_child(leaf), fork_child(group_leader_with_children),
                              fork_child(session_leader_with_children), fork_child(threaded)};
    gate->expect(11);
    const zdtm::Ids before;
    zdtm::checkpoint_here();
    CHECK_EQ(getpid(), before.pid);
    CHECK_EQ(getpgrp(), before.group);
    CHECK_EQ(getsid(0), before.session);
    gate->open();
    for (const pid_t child : children) {
        zdtm::expect_exit(child);
    }
    zdtm::pass();
}
