// Thousands of one-shot timers expire one after the other before, while and after the process is
// dumped and restored: each of them is heard of exactly once.
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "zdtm.h"

namespace {

constexpr int kTimers = 3000;
constexpr long kSpacing = 200'000;  // nanoseconds

struct Counts {
    int fired[kTimers];
};

void listen(Counts& counts) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGRTMIN);
    CHECK_SYS(sigprocmask(SIG_BLOCK, &signals, nullptr));
    for (int i = 0; i < kTimers; i++) {
        sigevent event{};
        event.sigev_notify = SIGEV_SIGNAL;
        event.sigev_signo = SIGRTMIN;
        event.sigev_value.sival_int = i;
        timer_t timer{};
        CHECK_SYS(timer_create(CLOCK_MONOTONIC, &event, &timer));
        long after = kSpacing * (i + 1);
        itimerspec value{{0, 0}, {after / 1'000'000'000, after % 1'000'000'000}};
        CHECK_SYS(timer_settime(timer, 0, &value, nullptr));
    }
    for (;;) {
        siginfo_t info{};
        CHECK_EQ(sigwaitinfo(&signals, &info), SIGRTMIN);
        __atomic_add_fetch(&counts.fired[info.si_value.sival_int], 1, __ATOMIC_SEQ_CST);
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    void* memory =
        mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    Counts& counts = *static_cast<Counts*>(memory);
    pid_t child = zdtm::fork_child([&] { listen(counts); });
    zdtm::wait_until([&] { return __atomic_load_n(&counts.fired[0], __ATOMIC_SEQ_CST) == 1; });

    zdtm::checkpoint_here();

    zdtm::wait_until(
        [&] { return __atomic_load_n(&counts.fired[kTimers - 1], __ATOMIC_SEQ_CST) != 0; });
    zdtm::sleep_ms(50);
    for (int fired : counts.fired)
        CHECK_EQ(fired, 1);
    CHECK_SYS(kill(child, SIGKILL));
    zdtm::pass();
}
