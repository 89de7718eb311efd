// A wait for a signal without a timeout goes on and takes the signal that is sent afterwards, with
// its value; no handler runs.
#include "blocked.h"
#include "signals.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_endless_call(
        SYS_rt_sigtimedwait,
        [] {
            zdtm::block({SIGUSR1, 45});
            zdtm::catch_with(45, [](int, siginfo_t*, void*) { CHECK(false); });
            const uint64_t set = zdtm::bit(45) | zdtm::bit(SIGUSR1);
            siginfo_t info = {};
            CHECK_EQ(syscall(SYS_rt_sigtimedwait, &set, &info, nullptr, 8), 45);
            CHECK_EQ(info.si_value.sival_int, 4567);
            CHECK_EQ(info.si_pid, getppid());
        },
        [](pid_t child) {
            sigval value = {};
            value.sival_int = 4567;
            CHECK_SYS(sigqueue(child, 45, value));
        });
    zdtm::pass();
}
