// The interval timers that count CPU time keep interval and remaining time: they do not fire by
// themselves, and do once the task has used up what remained.
#include <sys/time.h>

#include <cmath>

#include "signals.h"

namespace {

std::atomic<int> virtual_count;
std::atomic<int> profile_count;

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

itimerval timer(int which) {
    itimerval found = {};
    CHECK_SYS(getitimer(which, &found));
    return found;
}

void burn(double limit, const std::atomic<int>& until) {
    const double end = zdtm::now(CLOCK_PROCESS_CPUTIME_ID) + limit;
    while (until == 0 && zdtm::now(CLOCK_PROCESS_CPUTIME_ID) < end) {
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::catch_with(SIGVTALRM, [](int, siginfo_t*, void*) { virtual_count++; });
    zdtm::catch_with(SIGPROF, [](int, siginfo_t*, void*) { profile_count++; });
    const itimerval by_user = {{50, 0}, {0, 400'000}};
    const itimerval by_both = {{60, 500'000}, {2000, 0}};
    CHECK_SYS(setitimer(ITIMER_VIRTUAL, &by_user, nullptr));
    CHECK_SYS(setitimer(ITIMER_PROF, &by_both, nullptr));

    zdtm::checkpoint_here();

    CHECK_EQ(virtual_count, 0);
    CHECK_EQ(timer(ITIMER_VIRTUAL).it_interval.tv_sec, 50);
    const double left = seconds(timer(ITIMER_VIRTUAL).it_value);
    CHECK(left > 0 && left < 0.45);
    const itimerval profile = timer(ITIMER_PROF);
    CHECK(std::abs(seconds(profile.it_interval) - 60.5) < 0.02);
    CHECK(seconds(profile.it_value) > 1990 && seconds(profile.it_value) < 2000.02);
    burn(5, virtual_count);
    CHECK_EQ(virtual_count, 1);
    CHECK_EQ(profile_count, 0);
    zdtm::pass();
}
