// A watch of a file that only another task still has open: the watching task closed it, and is
// told of events all the same.
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "family.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const int set = CHECK_SYS(epoll_create1(0));
    const int event_fd = CHECK_SYS(eventfd(0, 0));
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.u64 = 0xabcdef;
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_ADD, event_fd, &event));
    const pid_t child = zdtm::fork_child([=] {
        CHECK_SYS(close(set));
        gate->wait();
        const uint64_t one = 1;
        CHECK_EQ(write(event_fd, &one, 8), 8);
        gate->arrive();
        gate->expect(3);
    });
    gate->expect(1);
    CHECK_SYS(close(event_fd));

    zdtm::checkpoint_here();

    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    gate->open();
    gate->expect(2);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 1);
    CHECK_EQ(event.data.u64, 0xabcdefu);
    gate->arrive();
    zdtm::expect_exit(child);
    // With its last descriptor gone, the file has left the set.
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    zdtm::pass();
}
