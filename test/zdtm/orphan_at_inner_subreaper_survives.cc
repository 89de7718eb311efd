// Orphans belong to the nearest subreaper inside the tree, with sessions and groups whose leaders
// are dead, live elsewhere, or are orphans as well.
#include <sys/prctl.h>

#include "family.h"

namespace {

zdtm::Gate* gate;

void await_parent(pid_t wanted) {
    zdtm::wait_until([=] { return getppid() == wanted; });
}

// Everything below is made by a task that dies at once, and lands at the reaper.
void make_orphans(pid_t reaper) {
    const pid_t session = CHECK_SYS(setsid());
    zdtm::fork_child([=] {
        await_parent(reaper);
        CHECK_EQ(getsid(0), session);
        zdtm::stay_the_same(gate);
    });
    // A leader of its own session, itself an orphan, with a child that stays its child.
    zdtm::fork_child([=] {
        CHECK_SYS(setsid());
        const pid_t child = zdtm::fork_child([] {
            CHECK_SYS(setpgid(0, 0));
            zdtm::stay_the_same(gate);
        });
        await_parent(reaper);
        zdtm::stay_the_same(gate);
        zdtm::expect_exit(child);
    });
}

void inner_subreaper() {
    CHECK_SYS(prctl(PR_SET_CHILD_SUBREAPER, 1));
    const pid_t reaper = getpid();
    const pid_t maker = zdtm::fork_child([=] { make_orphans(reaper); });
    zdtm::expect_exit(maker);
    zdtm::stay_the_same(gate);
    int flag = 0;
    CHECK_SYS(prctl(PR_GET_CHILD_SUBREAPER, &flag));
    CHECK_EQ(flag, 1);
    zdtm::expect_exits(2);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    gate = zdtm::Gate::make();
    CHECK_SYS(prctl(PR_SET_CHILD_SUBREAPER, 1));
    const pid_t root = getpid();
    const pid_t inner = zdtm::fork_child(inner_subreaper);
    const pid_t outer_maker = zdtm::fork_child([=] { make_orphans(root); });
    zdtm::expect_exit(outer_maker);
    gate->expect(7);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(inner);
    zdtm::expect_exits(2);
    zdtm::pass();
}
