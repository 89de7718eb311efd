// A futex wait until a point in time ends with ETIMEDOUT at that point.
#include <linux/futex.h>

#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_call_until(SYS_futex, [](const timespec& until) {
        int word = 5;
        const int operation = FUTEX_WAIT_BITSET_PRIVATE;
        const unsigned any = FUTEX_BITSET_MATCH_ANY;
        CHECK_EQ(syscall(SYS_futex, &word, operation, 5, &until, nullptr, any), -1);
        CHECK_EQ(errno, ETIMEDOUT);
    });
    zdtm::pass();
}
