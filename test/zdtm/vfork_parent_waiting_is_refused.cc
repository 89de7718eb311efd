// A task that waits in vfork(2) for its child cannot be stopped by ptrace until the child executes
// or ends; such a tree is refused, and goes on.
#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t parent = zdtm::fork_child([=] {
        const pid_t child = vfork();
        if (child == 0) {
            gate->wait();
            _exit(0);
        }
        zdtm::expect_exit(child);
    });
    gate->expect(1);
    zdtm::wait_until([=] { return zdtm::thread_state(parent) == 'D'; });

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(parent);
    zdtm::pass();
}
