// A ppoll with a timeout and a signal mask ends with 0 when its time is over; the mask of before
// is then in force again.
#include <poll.h>

#include "blocked.h"
#include "signals.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int ends[2];
    CHECK_SYS(pipe(ends));
    zdtm::checkpoint_in_timed_call(SYS_ppoll, [&] {
        zdtm::block({SIGUSR1});
        const uint64_t mask = zdtm::bit(SIGUSR2);
        pollfd watched = {ends[0], POLLIN, 0};
        timespec timeout = zdtm::kAskedSpec;
        CHECK_EQ(syscall(SYS_ppoll, &watched, 1, &timeout, &mask, 8), 0);
        CHECK_EQ(zdtm::blocked_mask(), zdtm::bit(SIGUSR1));
    });
    zdtm::pass();
}
