// A wait4 for a child that lives waits on, and gets the child's exit status.
#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    zdtm::checkpoint_in_endless_call(
        SYS_wait4,
        [&] {
            const pid_t grandchild = zdtm::fork_child([&] {
                zdtm::wait_until([&] { return shared->go == 1; }, 600);
                _exit(201);
            });
            int status = 0;
            CHECK_EQ(syscall(SYS_wait4, grandchild, &status, 0, nullptr), grandchild);
            CHECK_EQ(WEXITSTATUS(status), 201);
        },
        [&](pid_t) { shared->go = 1; });
    zdtm::pass();
}
