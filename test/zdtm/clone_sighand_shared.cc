// Two tasks that share their table of signal handlers (CLONE_SIGHAND) still do: a handler set in
// one runs in the other.
#include "family.h"

namespace {

zdtm::Gate* gate;
std::atomic<int> caught_by;
alignas(16) char stack[256 * 1024];

void handler(int) {
    caught_by = getpid();
}

int child_body(void*) {
    gate->wait();
    signal(SIGUSR1, handler);
    gate->arrive();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    gate = zdtm::Gate::make();
    const pid_t child = CHECK_SYS(
        clone(child_body, stack + sizeof(stack), CLONE_VM | CLONE_SIGHAND | SIGCHLD, nullptr));
    const pid_t apart = zdtm::fork_child([] {
        gate->wait();
        gate->expect(3);
        struct sigaction action = {};
        CHECK_SYS(sigaction(SIGUSR1, nullptr, &action));
        CHECK(action.sa_handler == SIG_DFL);
    });
    gate->expect(2);

    zdtm::checkpoint_here();

    gate->open();
    gate->expect(3);
    zdtm::expect_exit(child);
    zdtm::expect_exit(apart);
    CHECK_SYS(raise(SIGUSR1));
    CHECK_EQ(caught_by.load(), getpid());
    zdtm::pass();
}
