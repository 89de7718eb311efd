// An orphan is a child of the subreaper, but of the session that the subreaper's grandchild leads:
// it can only be made by the leader and must come to the subreaper by its own parent's death.
#include <sys/prctl.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    CHECK_SYS(prctl(PR_SET_CHILD_SUBREAPER, 1));
    const pid_t root = getpid();
    const pid_t middle = zdtm::fork_child([=] {
        const pid_t leader = zdtm::fork_child([=] {
            const pid_t session = CHECK_SYS(setsid());
            const pid_t parent = zdtm::fork_child([=] {
                zdtm::fork_child([=] {
                    zdtm::wait_until([=] { return getppid() == root; });
                    CHECK_EQ(getsid(0), session);
                    zdtm::stay_the_same(gate);
                });
            });
            zdtm::expect_exit(parent);
            zdtm::stay_the_same(gate);
        });
        zdtm::stay_the_same(gate);
        zdtm::expect_exit(leader);
    });
    gate->expect(3);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exits(2);
    CHECK(waitpid(middle, nullptr, 0) == -1 && errno == ECHILD);
    zdtm::pass();
}
