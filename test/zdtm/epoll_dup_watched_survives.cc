// One file watched twice under two descriptors, and a watch whose descriptor was closed while a
// dup keeps the file open, its number being used by another watched file now.
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <set>

#include "zdtm.h"

namespace {

void watch(int set, int fd, uint32_t data) {
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.u32 = data;
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
}

std::set<uint32_t> ready_in(int set) {
    epoll_event events[8] = {};
    const int count = CHECK_SYS(epoll_wait(set, events, 8, 0));
    std::set<uint32_t> data;
    for (int i = 0; i < count; i++) {
        data.insert(events[i].data.u32);
    }
    return data;
}

void post(int fd) {
    const uint64_t one = 1;
    CHECK_EQ(write(fd, &one, 8), 8);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int set = CHECK_SYS(epoll_create1(0));
    const int twice = CHECK_SYS(eventfd(0, EFD_NONBLOCK));
    const int twice_dup = CHECK_SYS(dup(twice));
    watch(set, twice, 1);
    watch(set, twice_dup, 2);
    const int closed = CHECK_SYS(eventfd(0, EFD_NONBLOCK));
    watch(set, closed, 3);
    const int keeper = CHECK_SYS(dup2(closed, 80));
    const int other = CHECK_SYS(eventfd(0, EFD_NONBLOCK));
    CHECK_EQ(dup2(other, closed), closed);
    CHECK_SYS(close(other));
    watch(set, closed, 4);

    zdtm::checkpoint_here();

    CHECK(ready_in(set).empty());
    post(keeper);
    CHECK(ready_in(set) == std::set<uint32_t>{3});
    post(closed);
    CHECK((ready_in(set) == std::set<uint32_t>{3, 4}));
    post(twice);
    CHECK((ready_in(set) == std::set<uint32_t>{1, 2, 3, 4}));
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_DEL, twice_dup, nullptr));
    CHECK_SYS(epoll_ctl(set, EPOLL_CTL_DEL, closed, nullptr));
    CHECK((ready_in(set) == std::set<uint32_t>{1, 3}));
    // The watch of the closed descriptor ends with the last descriptor of its file.
    CHECK_SYS(close(keeper));
    CHECK(ready_in(set) == std::set<uint32_t>{1});
    zdtm::pass();
}
