// Epoll sets that watch other epoll sets, made in an order that is not the order of their numbers.
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "zdtm.h"

namespace {

void watch(int set, int fd) {
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = fd;
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
}

int ready_in(int set) {
    epoll_event event = {};
    return epoll_wait(set, &event, 1, 0) == 1 ? event.data.fd : -1;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int outer = CHECK_SYS(epoll_create1(0));
    const int middle = CHECK_SYS(epoll_create1(0));
    const int low_inner = CHECK_SYS(epoll_create1(0));
    const int inner = CHECK_SYS(dup2(low_inner, 90));
    CHECK_SYS(close(low_inner));
    const int event = CHECK_SYS(eventfd(0, EFD_NONBLOCK));
    watch(outer, middle);
    watch(middle, inner);
    watch(inner, event);
    // A diamond: the outer set also watches the innermost directly.
    watch(outer, inner);

    zdtm::checkpoint_here();

    CHECK_EQ(ready_in(outer), -1);
    const uint64_t one = 1;
    CHECK_EQ(write(event, &one, 8), 8);
    CHECK_EQ(ready_in(inner), event);
    CHECK_EQ(ready_in(middle), inner);
    const int first = ready_in(outer);
    CHECK(first == middle || first == inner);
    CHECK_SYS(epoll_ctl(outer, EPOLL_CTL_DEL, inner, nullptr));
    CHECK_EQ(ready_in(outer), middle);
    uint64_t drained = 0;
    CHECK_EQ(read(event, &drained, 8), 8);
    CHECK_EQ(ready_in(outer), -1);
    zdtm::pass();
}
