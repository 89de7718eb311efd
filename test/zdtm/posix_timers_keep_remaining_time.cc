// Armed POSIX timers of several clocks keep their interval, and their remaining time is the old
// one less what has passed; disarmed ones stay so, and timers of CPU time stand still.
#include <array>

#include "timers.h"

namespace {

struct Case {
    clockid_t clock;
    double value, interval;
    bool cpu;
};

constexpr std::array<Case, 7> kCases = {{
    {CLOCK_REALTIME, 1000, 7.5, false},
    {CLOCK_MONOTONIC, 2000, 0, false},
    {CLOCK_BOOTTIME, 3000, 0.25, false},
    {CLOCK_TAI, 1500, 1, false},
    {CLOCK_PROCESS_CPUTIME_ID, 900, 2, true},
    {CLOCK_THREAD_CPUTIME_ID, 800, 0, true},
    {CLOCK_MONOTONIC, 0, 0, false},
}};

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::array<int, kCases.size()> ids = {};
    for (size_t i = 0; i < kCases.size(); i++) {
        ids[i] = zdtm::make_timer(kCases[i].clock, SIGEV_SIGNAL, SIGUSR1, 0);
        zdtm::arm_timer(ids[i], kCases[i].value, kCases[i].interval);
    }
    const double start = zdtm::now();

    zdtm::checkpoint_here();

    const double passed = zdtm::now() - start;
    for (size_t i = 0; i < kCases.size(); i++) {
        const itimerspec found = zdtm::timer_state(ids[i]);
        CHECK_EQ(zdtm::to_seconds(found.it_interval), kCases[i].interval);
        const double left = zdtm::to_seconds(found.it_value);
        CHECK(left <= kCases[i].value);
        CHECK(left >= kCases[i].value - (kCases[i].cpu ? 10 : passed + 1));
        CHECK((left > 0) == (kCases[i].value > 0));
    }
    zdtm::pass();
}
