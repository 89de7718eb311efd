// A periodic timerfd that expired and was not read gives its ticks afterwards, once, and expires
// next when it would have.
#include <poll.h>
#include <sys/timerfd.h>

#include <cstdint>

#include "zdtm.h"

namespace {

double seconds(const timespec& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    // The first expiry at once, the next in a quarter of an hour: exactly one tick is unread.
    const int slow = CHECK_SYS(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
    const itimerspec slow_spec = {{900, 0}, {0, 1}};
    CHECK_SYS(timerfd_settime(slow, 0, &slow_spec, nullptr));
    const int fast = CHECK_SYS(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
    const itimerspec fast_spec = {{0, 50'000'000}, {0, 1'000'000}};
    const double start = zdtm::now();
    CHECK_SYS(timerfd_settime(fast, 0, &fast_spec, nullptr));
    zdtm::sleep_ms(220);
    itimerspec before = {};
    CHECK_SYS(timerfd_gettime(slow, &before));
    const double looked = zdtm::now();

    zdtm::checkpoint_here();

    pollfd ready = {slow, POLLIN, 0};
    CHECK_EQ(poll(&ready, 1, 0), 1);
    uint64_t ticks = 0;
    CHECK_EQ(read(slow, &ticks, 8), 8);
    CHECK_EQ(ticks, 1u);
    CHECK(read(slow, &ticks, 8) == -1 && errno == EAGAIN);
    itimerspec after = {};
    CHECK_SYS(timerfd_gettime(slow, &after));
    CHECK_EQ(after.it_interval.tv_sec, 900);
    CHECK(seconds(after.it_value) <= seconds(before.it_value));
    CHECK(seconds(after.it_value) >= seconds(before.it_value) - (zdtm::now() - looked) - 0.01);
    CHECK_EQ(read(fast, &ticks, 8), 8);
    CHECK(ticks >= 5);
    CHECK(static_cast<double>(ticks) <= (zdtm::now() - start) / 0.05 + 1);
    // It goes on: two more ticks take more than one period and not much more than two.
    const double resumed = zdtm::now();
    zdtm::wait_until([&] {
        uint64_t more = 0;
        return read(fast, &more, 8) == 8;
    });
    zdtm::wait_until([&] { return read(fast, &ticks, 8) == 8; });
    CHECK(zdtm::now() - resumed > 0.045);
    CHECK(zdtm::now() - resumed < 5);
    zdtm::pass();
}
