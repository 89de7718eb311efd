// POSIX timers keep their ids, holes between them included, and their clocks; when they fire it is
// with their own signal, value and id, to the process, to one thread, or to nobody.
#include <thread>

#include "timers.h"

namespace {

constexpr int kSignal = 50;
constexpr int kThreadSignal = 51;
std::atomic<pid_t> helper;
std::atomic<int> go;
std::atomic<int> thread_timer;

void helper_part() {
    helper = static_cast<pid_t>(syscall(SYS_gettid));
    zdtm::wait_until([] { return go == 1; }, 600);
    zdtm::arm_timer(thread_timer, 0.001, 0);
    const siginfo_t info = zdtm::await_signal(kThreadSignal);
    CHECK_EQ(info.si_value.sival_int, 333);
    CHECK_EQ(info.si_code, SI_TIMER);
    go = 2;
    zdtm::wait_until([] { return go == 3; });
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::block({kSignal, kThreadSignal});
    std::thread thread(helper_part);
    zdtm::wait_until([] { return helper != 0; });
    const int gone = zdtm::make_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, kSignal, 1);
    const int realtime = zdtm::make_timer(CLOCK_REALTIME, SIGEV_SIGNAL, kSignal, 222);
    const int gone_too = zdtm::make_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, kSignal, 1);
    thread_timer = zdtm::make_timer(CLOCK_BOOTTIME, SIGEV_THREAD_ID, kThreadSignal, 333, helper);
    const int silent = zdtm::make_timer(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0);
    CHECK_SYS(syscall(SYS_timer_delete, gone));
    CHECK_SYS(syscall(SYS_timer_delete, gone_too));
    zdtm::arm_timer(silent, 500, 3);

    zdtm::checkpoint_here();

    CHECK(!zdtm::timer_exists(gone) && !zdtm::timer_exists(gone_too));
    CHECK_EQ(zdtm::to_seconds(zdtm::timer_state(realtime).it_value), 0.0);
    CHECK_EQ(zdtm::timer_state(silent).it_interval.tv_sec, 3);
    zdtm::arm_timer(silent, 0.001, 0);
    zdtm::arm_timer(realtime, 0.001, 0);
    const siginfo_t info = zdtm::await_signal(kSignal);
    CHECK_EQ(info.si_value.sival_int, 222);
    CHECK_EQ(info.si_code, SI_TIMER);
    CHECK_EQ(info.si_timerid, realtime);
    go = 1;
    zdtm::wait_until([] { return go == 2; });
    CHECK(zdtm::none_pending(kThreadSignal) && zdtm::none_pending(kSignal));
    go = 3;
    thread.join();
    const int fresh = zdtm::make_timer(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0);
    CHECK(fresh != realtime && fresh != silent && fresh != thread_timer);
    zdtm::pass();
}
