// An epoll_wait with a timeout ends with 0 when its time is over, and not early. (The kernel never
// restarts this call by itself once it was interrupted: EINTR is what a restore must not let show.)
#include <sys/epoll.h>

#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_timed_call(SYS_epoll_wait, [] {
        const int fd = CHECK_SYS(epoll_create1(0));
        epoll_event found[4] = {};
        CHECK_EQ(syscall(SYS_epoll_wait, fd, found, 4, static_cast<int>(zdtm::kAsked * 1000)), 0);
    });
    zdtm::pass();
}
