// Timerfds of every clock stay on their clock, with interval, remaining time and the flags of
// their last setting.
#include <sys/timerfd.h>

#include <vector>

#include "zdtm.h"

namespace {

struct Timer {
    clockid_t clock;
    int fd;
    std::string clock_line;
};

std::string fdinfo(int fd, const char* key) {
    return zdtm::field(zdtm::read_file("/proc/self/fdinfo/" + std::to_string(fd)), key);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::vector<Timer> timers;
    for (const clockid_t clock : {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME,
                                  CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM}) {
        const int fd = timerfd_create(clock, TFD_CLOEXEC);
        const bool alarm = clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM;
        if (fd == -1 && alarm) {
            continue;
        }
        CHECK_SYS(fd);
        const itimerspec spec = {{1'000 + clock, 7}, {2'000 + clock, 0}};
        if (timerfd_settime(fd, 0, &spec, nullptr) == -1) {
            // Alarm clocks need a real-time clock device.
            CHECK(alarm);
            continue;
        }
        timers.push_back({clock, fd, fdinfo(fd, "clockid")});
    }

    zdtm::checkpoint_here();

    for (const Timer& timer : timers) {
        CHECK_EQ(fdinfo(timer.fd, "clockid"), timer.clock_line);
        CHECK_EQ(fdinfo(timer.fd, "ticks"), std::string("0"));
        itimerspec left = {};
        CHECK_SYS(timerfd_gettime(timer.fd, &left));
        CHECK_EQ(left.it_interval.tv_sec, 1'000 + timer.clock);
        CHECK_EQ(left.it_interval.tv_nsec, 7);
        CHECK(left.it_value.tv_sec <= 2'000 + timer.clock);
        CHECK(left.it_value.tv_sec > 1'700 + timer.clock);
    }
    zdtm::pass();
}
