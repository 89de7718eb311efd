// A sigsuspend goes on with its own mask: a signal that only this mask holds back does not end it;
// one that it lets through is caught, and the mask of before is then in force again.
#include "blocked.h"
#include "signals.h"

namespace {

std::atomic<int> caught;

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_in_endless_call(
        SYS_rt_sigsuspend,
        [] {
            zdtm::catch_with(SIGUSR1, [](int, siginfo_t*, void*) { caught++; });
            zdtm::catch_with(SIGUSR2, [](int, siginfo_t*, void*) { caught += 100; });
            zdtm::block({SIGUSR1, SIGHUP});
            const uint64_t before = zdtm::blocked_mask();
            const uint64_t mask = zdtm::bit(SIGUSR2);
            CHECK_EQ(syscall(SYS_rt_sigsuspend, &mask, 8), -1);
            CHECK_EQ(errno, EINTR);
            // SIGUSR2 waited behind the mask and is caught as soon as that is gone.
            CHECK_EQ(caught, 101);
            CHECK_EQ(zdtm::blocked_mask(), before);
        },
        [](pid_t child) {
            CHECK_SYS(kill(child, SIGUSR2));
            zdtm::sleep_ms(20);
            CHECK_EQ(zdtm::thread_state(child), 'S');
            CHECK_SYS(kill(child, SIGUSR1));
        });
    zdtm::pass();
}
