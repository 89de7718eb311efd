// A clock_nanosleep until a point in time ends at that point.
#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_call_until(SYS_clock_nanosleep, [](const timespec& until) {
        CHECK_EQ(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr), 0);
    });
    zdtm::pass();
}
