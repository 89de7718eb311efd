// A one-shot timer fires once, when its time is over and not early; one set to a point in time
// fires at that point.
#include "timers.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::block({50, 51});
    const int relative = zdtm::make_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, 50, 5050);
    const int absolute = zdtm::make_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, 51, 5151);
    const double start = zdtm::now();
    zdtm::arm_timer(relative, 1.5, 0);
    zdtm::arm_timer(absolute, start + 1.7, 0, TIMER_ABSTIME);

    zdtm::checkpoint_here();

    const double restored = zdtm::now();
    const siginfo_t first = zdtm::await_signal(50);
    CHECK(zdtm::now() >= start + 1.5 || restored >= start + 1.5);
    CHECK(zdtm::now() < restored + 1.5 + 2);
    CHECK_EQ(first.si_value.sival_int, 5050);
    const siginfo_t second = zdtm::await_signal(51);
    CHECK(zdtm::now() >= start + 1.69);
    CHECK_EQ(second.si_value.sival_int, 5151);
    zdtm::sleep_ms(50);
    CHECK(zdtm::none_pending(50) && zdtm::none_pending(51));
    CHECK_EQ(zdtm::to_seconds(zdtm::timer_state(relative).it_value), 0.0);
    zdtm::pass();
}
