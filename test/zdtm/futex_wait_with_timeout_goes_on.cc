// A futex wait with a relative timeout ends with ETIMEDOUT when its time is over, and not early.
#include <linux/futex.h>

#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_timed_call(SYS_futex, [] {
        int word = 5;
        const int operation = FUTEX_WAIT_PRIVATE;
        CHECK_EQ(syscall(SYS_futex, &word, operation, 5, &zdtm::kAskedSpec, nullptr, 0), -1);
        CHECK_EQ(errno, ETIMEDOUT);
    });
    zdtm::pass();
}
