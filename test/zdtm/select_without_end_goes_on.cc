// A pselect without a timeout waits on with its signal mask: a signal that the mask holds back
// does not end it, data on the pipe does, and the mask of before is then in force again.
#include <sys/select.h>

#include "blocked.h"
#include "signals.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int ends[2];
    CHECK_SYS(pipe(ends));
    zdtm::checkpoint_in_endless_call(
        SYS_pselect6,
        [&] {
            zdtm::catch_with(SIGUSR1, [](int, siginfo_t*, void*) {});
            const uint64_t mask = zdtm::bit(SIGUSR1);
            const struct {
                const uint64_t* set;
                size_t size;
            } argument = {&mask, 8};
            fd_set reading;
            FD_ZERO(&reading);
            FD_SET(ends[0], &reading);
            CHECK_EQ(
                syscall(SYS_pselect6, ends[0] + 1, &reading, nullptr, nullptr, nullptr, &argument),
                1);
            CHECK(FD_ISSET(ends[0], &reading));
            CHECK_EQ(zdtm::blocked_mask(), 0);
        },
        [&](pid_t child) {
            CHECK_SYS(kill(child, SIGUSR1));
            zdtm::sleep_ms(20);
            CHECK_EQ(zdtm::thread_state(child), 'S');
            CHECK_EQ(write(ends[1], "x", 1), 1);
        });
    zdtm::pass();
}
