// Two hundred zombies of one parent, of mixed exit codes and signals, are all still there.
#include "family.h"

namespace {

constexpr int kZombies = 200;

int wanted_status(int i) {
    return i % 3 == 0 ? SIGTERM : (i & 0xff) << 8;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    pid_t zombies[kZombies];
    for (int i = 0; i < kZombies; i++) {
        zombies[i] = zdtm::fork_child([=] {
            if (i % 3 == 0) {
                raise(SIGTERM);
            }
            _exit(i & 0xff);
        });
    }
    for (const pid_t zombie : zombies) {
        zdtm::wait_zombie(zombie);
    }

    zdtm::checkpoint_here();

    for (int i = 0; i < kZombies; i++) {
        int status = 0;
        CHECK_EQ(waitpid(zombies[i], &status, WNOHANG), zombies[i]);
        CHECK_EQ(status, wanted_status(i));
    }
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD);
    zdtm::pass();
}
