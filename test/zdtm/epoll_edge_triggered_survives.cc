// Edge-triggered watches: an edge that was not fetched yet is not lost, and after it has been each
// new one is told once.
#include <sys/epoll.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int set = CHECK_SYS(epoll_create1(0));
    int fetched[2];
    int pending[2];
    CHECK_SYS(pipe(fetched));
    CHECK_SYS(pipe(pending));
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLET | EPOLLRDHUP;
    event.data.u32 = 1;
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_ADD, fetched[0], &event));
    event.data.u32 = 2;
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_ADD, pending[0], &event));
    CHECK_EQ(write(fetched[1], "a", 1), 1);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 1);
    CHECK_EQ(event.data.u32, 1u);
    CHECK_EQ(write(pending[1], "b", 1), 1);

    zdtm::checkpoint_here();

    // A second notice of the first pipe, whose data is still unread, is allowed: epoll(7) does not
    // promise that there is none. A lost notice of the other one is not.
    bool told = false;
    while (epoll_wait(set, &event, 1, 0) == 1) {
        CHECK_EQ(event.events, EPOLLIN);
        CHECK(event.data.u32 == 1 || !told);
        told = told || event.data.u32 == 2;
    }
    CHECK(told);
    CHECK_EQ(write(fetched[1], "c", 1), 1);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 1);
    CHECK_EQ(event.data.u32, 1u);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    zdtm::pass();
}
