// Eventfds keep their counters, also those beyond 32 bits and the highest there is, and flags.
#include <fcntl.h>
#include <sys/eventfd.h>

#include <cstdint>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const uint64_t values[] = {
        0, 1, 0xffff'ffff, 0x1'0000'0000, 0x1234'5678'9abc'def0, UINT64_MAX - 1};
    int fds[std::size(values)];
    for (size_t i = 0; i < std::size(values); i++) {
        fds[i] = CHECK_SYS(eventfd(0, EFD_NONBLOCK | (i % 2 == 0 ? EFD_CLOEXEC : 0)));
        CHECK_EQ(write(fds[i], &values[i], 8), 8);
    }

    zdtm::checkpoint_here();

    const uint64_t one = 1;
    CHECK(write(fds[5], &one, 8) == -1 && errno == EAGAIN);
    for (size_t i = 0; i < std::size(values); i++) {
        CHECK_EQ(fcntl(fds[i], F_GETFD), i % 2 == 0 ? FD_CLOEXEC : 0);
        uint64_t got = 0;
        const ssize_t n = read(fds[i], &got, 8);
        if (values[i] == 0) {
            CHECK(n == -1 && errno == EAGAIN);
        } else {
            CHECK_EQ(n, 8);
            CHECK_EQ(got, values[i]);
        }
    }
    zdtm::pass();
}
