// Zombies between living siblings and below a living parent: each is found dead by its own parent
// only, the living go on, and waiting for any child gives exactly the dead ones.
#include <set>

#include "family.h"

namespace {

zdtm::Gate* gate;

// A parent with children dead, alive, dead, alive.
void parent_of_mixed() {
    std::set<pid_t> dead;
    pid_t live[2];
    for (int i = 0; i < 2; i++) {
        const pid_t zombie = zdtm::fork_child([i] { _exit(90 + i); });
        zdtm::wait_zombie(zombie);
        dead.insert(zombie);
        live[i] = zdtm::fork_child([] { zdtm::stay_the_same(gate); });
    }
    gate->wait();
    for (int i = 0; i < 2; i++) {
        int status = 0;
        const pid_t found = waitpid(-1, &status, 0);
        if (dead.erase(found) == 1) {
            CHECK(WIFEXITED(status) && WEXITSTATUS(status) >= 90);
            continue;
        }
        // A live child may have gone through the gate and ended first.
        CHECK(found == live[0] || found == live[1]);
        CHECK_EQ(status, 0);
    }
    for (int i = 0; i < 2; i++) {
        CHECK_SYS(waitpid(-1, nullptr, 0));
    }
    CHECK(waitpid(-1, nullptr, 0) == -1 && errno == ECHILD);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    gate = zdtm::Gate::make();
    const pid_t zombie = zdtm::fork_child([] { _exit(5); });
    const pid_t parents[] = {zdtm::fork_child(parent_of_mixed), zdtm::fork_child(parent_of_mixed)};
    zdtm::wait_zombie(zombie);
    gate->expect(6);

    zdtm::checkpoint_here();

    int status = 0;
    CHECK_EQ(waitpid(-1, &status, WNOHANG), zombie);
    CHECK_EQ(status, 5 << 8);
    CHECK_EQ(waitpid(-1, nullptr, WNOHANG), 0);
    gate->open();
    for (const pid_t parent : parents) {
        zdtm::expect_exit(parent);
    }
    zdtm::pass();
}
