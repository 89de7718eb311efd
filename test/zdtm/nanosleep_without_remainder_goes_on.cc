// A nanosleep that asked for no remaining time goes on, too, and does not start a second time
// once it has ended.
#include "blocked.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_timed_call(SYS_nanosleep, [] {
        CHECK_SYS(syscall(SYS_nanosleep, &zdtm::kAskedSpec, nullptr));
        const double end = zdtm::now();
        const timespec moment = {0, 1'000'000};
        CHECK_SYS(syscall(SYS_nanosleep, &moment, nullptr));
        CHECK(zdtm::now() - end < 1);
    });
    zdtm::pass();
}
