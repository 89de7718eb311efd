// A poll without a timeout waits on, and tells what happened on the pipe after the restore.
#include <poll.h>

#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int ends[2];
    CHECK_SYS(pipe(ends));
    zdtm::checkpoint_in_endless_call(
        SYS_poll,
        [&] {
            pollfd watched[2] = {{ends[0], POLLIN, 0}, {-1, POLLIN, 0}};
            CHECK_EQ(syscall(SYS_poll, watched, 2, -1), 1);
            CHECK_EQ(watched[0].revents, POLLIN);
        },
        [&](pid_t) { CHECK_EQ(write(ends[1], "x", 1), 1); });
    zdtm::pass();
}
