// A relative clock_nanosleep, on a clock that is not the one of nanosleep, sleeps on for what
// remains and ends with success.
#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_timed_call(SYS_clock_nanosleep, [] {
        timespec remaining = {};
        CHECK_EQ(syscall(SYS_clock_nanosleep, CLOCK_BOOTTIME, 0, &zdtm::kAskedSpec, &remaining), 0);
    });
    zdtm::pass();
}
