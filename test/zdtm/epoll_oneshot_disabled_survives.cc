// A one-shot watch that has fired stays silent until it is armed again; one that has not fired
// fires once.
#include <sys/epoll.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int set = CHECK_SYS(epoll_create1(0));
    int fired[2];
    int waiting[2];
    CHECK_SYS(pipe(fired));
    CHECK_SYS(pipe(waiting));
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLONESHOT;
    event.data.fd = fired[0];
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_ADD, fired[0], &event));
    event.data.fd = waiting[0];
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_ADD, waiting[0], &event));
    CHECK_EQ(write(fired[1], "a", 1), 1);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 1);

    zdtm::checkpoint_here();

    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    CHECK_EQ(write(fired[1], "b", 1), 1);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    event.events = EPOLLIN;
    event.data.fd = fired[0];
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_MOD, fired[0], &event));
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 1);
    CHECK_EQ(event.data.fd, fired[0]);
    char drained[2];
    CHECK_EQ(read(fired[0], drained, 2), 2);
    CHECK_EQ(write(waiting[1], "c", 1), 1);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 1);
    CHECK_EQ(event.data.fd, waiting[0]);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    zdtm::pass();
}
