// Tasks with descriptors 0, 1 and 2 closed, or none open at all, or with others in these places.
#include <fcntl.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const pid_t nothing_open = zdtm::fork_child([=] {
        CHECK_SYS(close_range(0, ~0u, 0));
        gate->wait();
        for (int fd = 0; fd < 100; fd++) {
            CHECK(fcntl(fd, F_GETFD) == -1 && errno == EBADF);
        }
    });
    const pid_t others = zdtm::fork_child([=] {
        int fds[2];
        CHECK_SYS(pipe(fds));
        CHECK_EQ(dup3(fds[0], 0, O_CLOEXEC), 0);
        CHECK_EQ(dup2(fds[1], 2), 2);
        CHECK_SYS(close_range(3, ~0u, 0));
        CHECK_SYS(close(1));
        gate->wait();
        CHECK(fcntl(1, F_GETFD) == -1);
        CHECK(fcntl(3, F_GETFD) == -1);
        CHECK_EQ(fcntl(0, F_GETFD), FD_CLOEXEC);
        char byte = 0;
        CHECK_EQ(write(2, "x", 1), 1);
        CHECK_EQ(read(0, &byte, 1), 1);
    });
    gate->expect(2);

    zdtm::checkpoint_here();

    gate->open();
    zdtm::expect_exit(nothing_open);
    zdtm::expect_exit(others);
    zdtm::pass();
}
