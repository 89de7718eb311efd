// Zombies keep all eight bits of their exit codes.
#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int codes[] = {0, 1, 2, 42, 126, 127, 128, 129, 137, 143, 200, 254, 255};
    pid_t zombies[std::size(codes)];
    for (size_t i = 0; i < std::size(codes); i++) {
        zombies[i] = zdtm::fork_child([&] { _exit(codes[i]); });
        zdtm::wait_zombie(zombies[i]);
    }

    zdtm::checkpoint_here();

    for (size_t i = 0; i < std::size(codes); i++) {
        CHECK_EQ(zdtm::thread_state(zombies[i]), 'Z');
        zdtm::expect_exit(zombies[i], codes[i]);
    }
    CHECK(waitpid(-1, nullptr, 0) == -1 && errno == ECHILD);
    zdtm::pass();
}
