// An epoll set keeps what it watches, for which events, with all 64 bits of user data; parent and
// child share one set.
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "family.h"

namespace {

constexpr int kWatches = 40;

uint64_t data_of(int i) {
    return 0xfedc'ba98'0000'0000 + static_cast<uint64_t>(i);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const int set = CHECK_SYS(epoll_create1(EPOLL_CLOEXEC));
    int watched[kWatches];
    for (int i = 0; i < kWatches; i++) {
        watched[i] = CHECK_SYS(eventfd(0, EFD_NONBLOCK));
        epoll_event event = {};
        event.events = i % 4 == 3 ? EPOLLIN | EPOLLEXCLUSIVE : EPOLLIN | EPOLLPRI;
        event.data.u64 = data_of(i);
        CHECK_SYS(epoll_ctl(set, EPOLL_CTL_ADD, watched[i], &event));
    }
    const pid_t child = zdtm::fork_child([&] {
        epoll_event event = {};
        gate->arrive();
        CHECK_EQ(epoll_wait(set, &event, 1, -1), 1);
        CHECK(event.data.u64 >= data_of(0) && event.data.u64 < data_of(kWatches));
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    epoll_event events[kWatches] = {};
    CHECK_EQ(epoll_wait(set, events, kWatches, 0), 0);
    for (int i = 0; i < kWatches; i++) {
        CHECK(epoll_ctl(set, EPOLL_CTL_ADD, watched[i], &events[0]) == -1 && errno == EEXIST);
        const uint64_t one = 1;
        CHECK_EQ(write(watched[i], &one, 8), 8);
        CHECK_EQ(epoll_wait(set, events, kWatches, 1'000), 1);
        CHECK_EQ(events[0].events, EPOLLIN);
        CHECK_EQ(events[0].data.u64, data_of(i));
        if (i == 0) {
            zdtm::expect_exit(child);
        }
        uint64_t drained = 0;
        CHECK_EQ(read(watched[i], &drained, 8), 8);
    }
    zdtm::pass();
}
