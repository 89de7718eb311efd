// Parents of zombies and of living children see no SIGCHLD that was not pending before: one of
// them has it blocked (nothing is pending afterwards), the other counts it in a handler.
#include "family.h"

namespace {

std::atomic<int> handled;

void count(int) {
    handled++;
}

bool is_pending(int signo) {
    sigset_t pending;
    CHECK_SYS(sigpending(&pending));
    return sigismember(&pending, signo) == 1;
}

// A parent with two zombies, whose SIGCHLDs it has taken, and one child alive.
void blocking_parent(zdtm::Gate* gate) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    CHECK_SYS(sigprocmask(SIG_BLOCK, &set, nullptr));
    const pid_t live = zdtm::fork_child([=] { gate->wait(); });
    for (int i = 0; i < 2; i++) {
        zdtm::wait_zombie(zdtm::fork_child([] { _exit(1); }));
        CHECK_EQ(sigwaitinfo(&set, nullptr), SIGCHLD);
    }
    gate->arrive();
    gate->expect(4);
    CHECK(!is_pending(SIGCHLD));
    gate->arrive();
    zdtm::expect_exit(live);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t blocking = zdtm::fork_child([=] { blocking_parent(gate); });
    struct sigaction action = {};
    action.sa_handler = count;
    action.sa_flags = SA_RESTART;
    CHECK_SYS(sigaction(SIGCHLD, &action, nullptr));
    const pid_t zombie = zdtm::fork_child([] { raise(SIGKILL); });
    zdtm::wait_zombie(zombie);
    const pid_t live = zdtm::fork_child([=] { gate->wait(); });
    gate->expect(3);
    CHECK_EQ(handled.load(), 1);

    zdtm::checkpoint_here();

    CHECK_EQ(handled.load(), 1);
    CHECK(!is_pending(SIGCHLD));
    gate->arrive();
    gate->expect(5);
    gate->open();
    zdtm::expect_exit(blocking);
    zdtm::expect_exit(live);
    int status = 0;
    CHECK_EQ(waitpid(zombie, &status, 0), zombie);
    CHECK_EQ(status, SIGKILL);
    CHECK(handled.load() >= 2);
    zdtm::pass();
}
