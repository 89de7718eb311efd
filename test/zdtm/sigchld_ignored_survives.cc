// A parent that ignores SIGCHLD gets no zombies from later deaths, but keeps the zombie that it had
// before; SA_NOCLDWAIT with a handler acts the same.
#include "family.h"

namespace {

std::atomic<int> handled;

void count(int) {
    handled++;
}

void parent_with(zdtm::Gate* gate, const struct sigaction& action) {
    const pid_t zombie = zdtm::fork_child([] { _exit(19); });
    zdtm::wait_zombie(zombie);
    CHECK_SYS(sigaction(SIGCHLD, &action, nullptr));
    const pid_t live = zdtm::fork_child([=] { gate->wait(); });
    gate->arrive();
    gate->expect(5);
    CHECK_EQ(zdtm::thread_state(zombie), 'Z');
    CHECK_EQ(handled.load(), 0);
    zdtm::expect_exit(zombie, 19);
    gate->arrive();
    // wait(2): it sleeps until the child is dead, and then finds none.
    CHECK(waitpid(live, nullptr, 0) == -1 && errno == ECHILD);
    CHECK_EQ(handled.load(), action.sa_handler == count ? 1 : 0);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    struct sigaction ignored = {};
    ignored.sa_handler = SIG_IGN;
    struct sigaction no_wait = {};
    no_wait.sa_handler = count;
    no_wait.sa_flags = SA_NOCLDWAIT | SA_RESTART;
    const pid_t parents[] = {zdtm::fork_child([&] { parent_with(gate, ignored); }),
                             zdtm::fork_child([&] { parent_with(gate, no_wait); })};
    gate->expect(4);

    zdtm::checkpoint_here();

    gate->arrive();
    gate->expect(7);
    gate->open();
    for (const pid_t parent : parents) {
        zdtm::expect_exit(parent);
    }
    zdtm::pass();
}
