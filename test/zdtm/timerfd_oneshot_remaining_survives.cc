// One-shot timerfds: the remaining time goes on counting, the expiry comes not too early, and one
// that expired unread gives its single tick and stays disarmed.
#include <sys/timerfd.h>

#include <cstdint>

#include "zdtm.h"

namespace {

itimerspec current(int fd) {
    itimerspec spec = {};
    CHECK_SYS(timerfd_gettime(fd, &spec));
    CHECK_EQ(spec.it_interval.tv_sec, 0);
    CHECK_EQ(spec.it_interval.tv_nsec, 0);
    return spec;
}

int armed(time_t sec, long nsec) {
    const int fd = CHECK_SYS(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    const itimerspec spec = {{0, 0}, {sec, nsec}};
    CHECK_SYS(timerfd_settime(fd, 0, &spec, nullptr));
    return fd;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const double start = zdtm::now();
    const int distant = armed(3'000, 0);
    const int soon = armed(1, 500'000'000);
    const int expired = armed(0, 1);
    const int expired_and_read = armed(0, 1);
    zdtm::sleep_ms(5);
    uint64_t ticks = 0;
    CHECK_EQ(read(expired_and_read, &ticks, 8), 8);

    zdtm::checkpoint_here();

    const itimerspec left = current(distant);
    CHECK(left.it_value.tv_sec < 3'000);
    CHECK(static_cast<double>(left.it_value.tv_sec) >= 3'000 - (zdtm::now() - start) - 1);
    CHECK_EQ(read(expired, &ticks, 8), 8);
    CHECK_EQ(ticks, 1u);
    CHECK(read(expired, &ticks, 8) == -1 && errno == EAGAIN);
    CHECK_EQ(current(expired).it_value.tv_nsec, 0);
    CHECK(read(expired_and_read, &ticks, 8) == -1 && errno == EAGAIN);
    CHECK_EQ(current(expired_and_read).it_value.tv_nsec, 0);
    zdtm::wait_until([&] { return read(soon, &ticks, 8) == 8; });
    CHECK_EQ(ticks, 1u);
    CHECK(zdtm::now() - start >= 1.499);
    CHECK(read(soon, &ticks, 8) == -1 && errno == EAGAIN);
    zdtm::pass();
}
