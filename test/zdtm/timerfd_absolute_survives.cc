// Timerfds set to an absolute time expire at that time, one of them during or after the
// checkpoint; a periodic one goes on in step.
#include <sys/timerfd.h>

#include <cstdint>

#include "zdtm.h"

namespace {

int set_absolute(clockid_t clock, timespec at, time_t interval) {
    const int fd = CHECK_SYS(timerfd_create(clock, TFD_NONBLOCK));
    const itimerspec spec = {{interval, 0}, at};
    CHECK_SYS(timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, nullptr));
    return fd;
}

timespec from_now(clockid_t clock, time_t sec) {
    timespec time = {};
    CHECK_SYS(clock_gettime(clock, &time));
    time.tv_sec += sec;
    return time;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const timespec soon = from_now(CLOCK_MONOTONIC, 1);
    const int soon_fd = set_absolute(CLOCK_MONOTONIC, soon, 0);
    const timespec later = from_now(CLOCK_REALTIME, 5'000);
    const int later_fd = set_absolute(CLOCK_REALTIME, later, 700);

    zdtm::checkpoint_here();

    uint64_t ticks = 0;
    zdtm::wait_until([&] { return read(soon_fd, &ticks, 8) == 8; });
    CHECK_EQ(ticks, 1u);
    CHECK(zdtm::now() >= static_cast<double>(soon.tv_sec) + soon.tv_nsec / 1e9 - 0.001);
    itimerspec left = {};
    CHECK_SYS(timerfd_gettime(later_fd, &left));
    CHECK_EQ(left.it_interval.tv_sec, 700);
    const double expiry = zdtm::now(CLOCK_REALTIME) + static_cast<double>(left.it_value.tv_sec) +
                          static_cast<double>(left.it_value.tv_nsec) / 1e9;
    const double wanted = static_cast<double>(later.tv_sec) + later.tv_nsec / 1e9;
    CHECK(expiry > wanted - 0.01);
    CHECK(expiry < wanted + 0.5);
    zdtm::pass();
}
