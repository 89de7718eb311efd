// A periodic timer that has fired and whose signal was not taken yet keeps that signal, once, and
// fires on at its interval when it is taken.
#include "timers.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::block({50});
    const int id = zdtm::make_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, 50, 77);
    zdtm::arm_timer(id, 0.01, 0.2);
    zdtm::wait_until([] { return !zdtm::none_pending(50); });

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::to_seconds(zdtm::timer_state(id).it_interval), 0.2);
    CHECK(zdtm::to_seconds(zdtm::timer_state(id).it_value) <= 0.2);
    siginfo_t info = zdtm::take(50);
    CHECK_EQ(info.si_code, SI_TIMER);
    CHECK_EQ(info.si_value.sival_int, 77);
    CHECK_EQ(info.si_timerid, id);
    double last = 0;
    for (int i = 0; i < 4; i++) {
        info = zdtm::await_signal(50, 3);
        CHECK_EQ(info.si_value.sival_int, 77);
        CHECK_EQ(info.si_timerid, id);
        // The first comes at any phase; a late look may shorten the next by what it was late.
        CHECK(i == 0 || zdtm::now() - last > 0.05);
        last = zdtm::now();
    }
    zdtm::arm_timer(id, 0, 0);
    zdtm::sleep_ms(250);
    CHECK(zdtm::none_pending(50));
    zdtm::pass();
}
