// A timer that fires while its signal is held back counts what was lost: after the restore, too,
// the next signal taken tells of the expirations since.
#include "timers.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::block({50});
    const int id = zdtm::make_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, 50, 1);
    zdtm::arm_timer(id, 0.001, 0.001);
    zdtm::sleep_ms(20);
    CHECK(zdtm::take(50).si_overrun > 5);

    zdtm::checkpoint_here();

    const uint64_t set = zdtm::bit(50);
    siginfo_t info = {};
    const timespec moment = {1, 0};
    CHECK_EQ(syscall(SYS_rt_sigtimedwait, &set, &info, &moment, 8), 50);
    CHECK_EQ(syscall(SYS_rt_sigtimedwait, &set, &info, &moment, 8), 50);
    zdtm::sleep_ms(50);
    CHECK_EQ(syscall(SYS_rt_sigtimedwait, &set, &info, &moment, 8), 50);
    CHECK(info.si_overrun > 20);
    CHECK_EQ(syscall(SYS_timer_getoverrun, id), info.si_overrun);
    zdtm::pass();
}
