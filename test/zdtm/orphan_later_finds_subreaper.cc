// A task that loses its parent only after the checkpoint lands at the subreaper inside the tree.
#include <sys/prctl.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    zdtm::Shared* shared = zdtm::Shared::make();
    const pid_t reaper = zdtm::fork_child([=] {
        CHECK_SYS(prctl(PR_SET_CHILD_SUBREAPER, 1));
        const pid_t own = getpid();
        const pid_t parent = zdtm::fork_child([=] {
            shared->slot[0] = zdtm::fork_child([=] {
                gate->wait();
                zdtm::wait_until([=] { return getppid() == own; });
            });
            gate->wait();
        });
        gate->wait();
        zdtm::expect_exit(parent);
        zdtm::expect_exit(static_cast<pid_t>(shared->slot[0].load()));
    });
    gate->expect(3);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(reaper);
    zdtm::pass();
}
