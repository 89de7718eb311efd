// An epoll_wait without a timeout waits on, and tells the event and its data.
#include <sys/epoll.h>

#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int ends[2];
    CHECK_SYS(pipe(ends));
    zdtm::checkpoint_in_endless_call(
        SYS_epoll_wait,
        [&] {
            const int fd = CHECK_SYS(epoll_create1(0));
            epoll_event event = {};
            event.events = EPOLLIN;
            event.data.u64 = 0x123456789abcdef0;
            CHECK_SYS(epoll_ctl(fd, EPOLL_CTL_ADD, ends[0], &event));
            epoll_event found[4] = {};
            CHECK_EQ(syscall(SYS_epoll_wait, fd, found, 4, -1), 1);
            const uint64_t data = found[0].data.u64;
            const uint32_t events = found[0].events;
            CHECK_EQ(data, 0x123456789abcdef0);
            CHECK_EQ(events, EPOLLIN);
        },
        [&](pid_t) { CHECK_EQ(write(ends[1], "x", 1), 1); });
    zdtm::pass();
}
