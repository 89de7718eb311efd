// A nanosleep that is under way sleeps on for what remains, ends with success, and not early.
#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_timed_call(SYS_nanosleep, [] {
        timespec remaining = {77, 77};
        CHECK_SYS(syscall(SYS_nanosleep, &zdtm::kAskedSpec, &remaining));
    });
    zdtm::pass();
}
