// A wait for a signal with a timeout ends with EAGAIN when its time is over, and not early. (The
// kernel gives EINTR to a thread that is stopped in it: a checkpoint must not let that show.)
#include "blocked.h"
#include "signals.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_timed_call(SYS_rt_sigtimedwait, [] {
        zdtm::block({SIGUSR1});
        const uint64_t set = zdtm::bit(SIGUSR1);
        CHECK_EQ(syscall(SYS_rt_sigtimedwait, &set, nullptr, &zdtm::kAskedSpec, 8), -1);
        CHECK_EQ(errno, EAGAIN);
    });
    zdtm::pass();
}
