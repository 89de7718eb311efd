// The real-time interval timer of each task keeps its interval and what remains of its time, and
// a running one fires on.
#include <sys/time.h>

#include "signals.h"

namespace {

constexpr double kInterval = 0.3;

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void take_ticks(int count) {
    const uint64_t set = zdtm::bit(SIGALRM);
    for (int i = 0; i < count; i++) {
        siginfo_t info = {};
        CHECK_EQ(syscall(SYS_rt_sigtimedwait, &set, &info, nullptr, 8), SIGALRM);
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    zdtm::block({SIGALRM});
    const pid_t child = zdtm::fork_child([&] {
        const itimerval tick = {{0, 300'000}, {0, 300'000}};
        CHECK_SYS(setitimer(ITIMER_REAL, &tick, nullptr));
        shared->ready = 1;
        while (shared->go == 0) {
            take_ticks(1);
        }
        const double start = zdtm::now();
        take_ticks(3);
        const double took = zdtm::now() - start;
        CHECK(took > 1.9 * kInterval && took < 3 * kInterval + 2);
    });
    const itimerval wanted = {{7, 250'000}, {1000, 0}};
    CHECK_SYS(setitimer(ITIMER_REAL, &wanted, nullptr));
    const double start = zdtm::now();
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    itimerval found = {};
    CHECK_SYS(getitimer(ITIMER_REAL, &found));
    CHECK_EQ(found.it_interval.tv_sec, 7);
    CHECK_EQ(found.it_interval.tv_usec, 250'000);
    CHECK(seconds(found.it_value) <= 1000);
    CHECK(seconds(found.it_value) > 1000 - (zdtm::now() - start) - 1);
    CHECK(zdtm::none_pending(SIGALRM));
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
