// A poll with a timeout ends with 0 when its time is over, and not early.
#include <poll.h>

#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int ends[2];
    CHECK_SYS(pipe(ends));
    zdtm::checkpoint_in_timed_call(SYS_poll, [&] {
        pollfd watched = {ends[0], POLLIN, 0};
        CHECK_EQ(syscall(SYS_poll, &watched, 1, static_cast<int>(zdtm::kAsked * 1000)), 0);
        CHECK_EQ(watched.revents, 0);
    });
    zdtm::pass();
}
