// Watches under numbers that the program has closed since, all of them above every descriptor that
// is still open; the files that they watch are open in a child only. Each of them fires.
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <set>

#include "family.h"

namespace {

constexpr int kFirst = 60;
constexpr int kLast = 100;

std::set<int> ready_in(int set) {
    epoll_event events[kLast] = {};
    const int count = CHECK_SYS(epoll_wait(set, events, kLast, 0));
    std::set<int> numbers;
    for (int i = 0; i < count; i++) {
        numbers.insert(events[i].data.fd);
    }
    return numbers;
}

void watch(int set, int number) {
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = number;
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_ADD, number, &event));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    const int set = CHECK_SYS(epoll_create1(0));
    const int watched[2] = {CHECK_SYS(eventfd(0, 0)), CHECK_SYS(eventfd(0, 0))};
    std::set<int> all;
    for (int number = kFirst; number < kLast; number++) {
        CHECK_EQ(dup2(watched[number % 2], number), number);
        watch(set, number);
        CHECK_SYS(close(number));
        all.insert(number);
    }
    const pid_t child = zdtm::fork_child([=] {
        CHECK_SYS(close(set));
        gate->wait();
        const uint64_t one = 1;
        CHECK_EQ(write(watched[0], &one, 8), 8);
        CHECK_EQ(write(watched[1], &one, 8), 8);
        gate->arrive();
        gate->expect(3);
    });
    gate->expect(1);
    CHECK_SYS(close(watched[0]));
    CHECK_SYS(close(watched[1]));

    zdtm::checkpoint_here();

    CHECK(ready_in(set).empty());
    gate->open();
    gate->expect(2);
    CHECK(ready_in(set) == all);
    gate->arrive();
    zdtm::expect_exit(child);
    zdtm::pass();
}
