// A futex wait without a timeout waits on, neither woken nor ended, until another task wakes it.
#include <linux/futex.h>

#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    shared->slot[0] = 0;
    void* word = &shared->slot[0];
    zdtm::checkpoint_in_endless_call(
        SYS_futex,
        [&] {
            CHECK_EQ(syscall(SYS_futex, word, FUTEX_WAIT, 0, nullptr, nullptr, 0), 0);
            CHECK_EQ(shared->slot[0], 1);
        },
        [&](pid_t) {
            shared->slot[0] = 1;
            CHECK_EQ(syscall(SYS_futex, word, FUTEX_WAKE, 1, nullptr, nullptr, 0), 1);
        });
    zdtm::pass();
}
