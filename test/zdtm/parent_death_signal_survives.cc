// A task that asked for a signal at its parent's death gets it when the parent dies after the
// restore, and has got none before.
#include <sys/prctl.h>

#include "signals.h"

namespace {

void grandchild_part(zdtm::Shared* shared) {
    zdtm::block({SIGUSR2});
    CHECK_SYS(prctl(PR_SET_PDEATHSIG, SIGUSR2));
    shared->ready = 1;
    zdtm::wait_until([&] { return shared->go >= 1; }, 600);
    int signal = 0;
    CHECK_SYS(prctl(PR_GET_PDEATHSIG, &signal));
    CHECK_EQ(signal, SIGUSR2);
    CHECK(zdtm::none_pending(SIGUSR2));
    shared->ready = 2;
    zdtm::wait_until([] { return !zdtm::none_pending(SIGUSR2); });
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    // The grandchild becomes the root's own, so that its end can be waited for.
    CHECK_SYS(prctl(PR_SET_CHILD_SUBREAPER, 1));
    const pid_t child = zdtm::fork_child([&] {
        shared->slot[0] = zdtm::fork_child([&] { grandchild_part(shared); });
        zdtm::wait_until([&] { return shared->go == 2; }, 600);
    });
    zdtm::wait_until([&] { return shared->ready == 1 && shared->slot[0] > 0; });

    zdtm::checkpoint_here();

    shared->go = 1;
    zdtm::wait_until([&] { return shared->ready == 2; });
    shared->go = 2;
    zdtm::expect_exit(child);
    zdtm::expect_exit(static_cast<pid_t>(shared->slot[0]));
    zdtm::pass();
}
