// Timerfds that were never armed, or were disarmed while counting, stay silent and can be armed.
#include <sys/timerfd.h>

#include <cstdint>

#include "zdtm.h"

namespace {

bool is_disarmed(int fd) {
    itimerspec spec = {};
    CHECK_SYS(timerfd_gettime(fd, &spec));
    return spec.it_value.tv_sec == 0 && spec.it_value.tv_nsec == 0;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int never = CHECK_SYS(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
    const int stopped = CHECK_SYS(timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK));
    const itimerspec soon = {{0, 0}, {0, 300'000'000}};
    CHECK_SYS(timerfd_settime(stopped, 0, &soon, nullptr));
    // Disarmed by hand, with an interval that stays visible.
    const itimerspec off = {{5, 0}, {0, 0}};
    CHECK_SYS(timerfd_settime(stopped, 0, &off, nullptr));

    zdtm::checkpoint_here();

    CHECK(is_disarmed(never) && is_disarmed(stopped));
    zdtm::sleep_ms(400);
    uint64_t ticks = 0;
    CHECK(read(never, &ticks, 8) == -1 && errno == EAGAIN);
    CHECK(read(stopped, &ticks, 8) == -1 && errno == EAGAIN);
    const itimerspec now = {{0, 0}, {0, 1'000'000}};
    CHECK_SYS(timerfd_settime(never, 0, &now, nullptr));
    zdtm::wait_until([&] { return read(never, &ticks, 8) == 8; });
    CHECK_EQ(ticks, 1u);
    zdtm::pass();
}
