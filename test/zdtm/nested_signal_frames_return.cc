// Three signal handlers, one interrupted by the next, all return in their order, each with its own
// mask and its own variables.
#include <signal.h>
#include <sys/syscall.h>

#include <array>

#include "zdtm.h"

namespace {

constexpr std::array<int, 3> kSignals = {SIGUSR1, SIGUSR2, SIGWINCH};
std::array<int, 4> order;
int returned;

int count_blocked() {
    sigset_t mask;
    CHECK_SYS(sigprocmask(SIG_BLOCK, nullptr, &mask));
    int count = 0;
    for (const int signal : kSignals) {
        count += sigismember(&mask, signal);
    }
    return count;
}

void handler(int signal) {
    volatile int depth = signal == SIGUSR1 ? 1 : signal == SIGUSR2 ? 2 : 3;
    CHECK_EQ(count_blocked(), depth);
    if (depth < 3) {
        raise(kSignals[depth]);
    } else {
        zdtm::checkpoint_here();
    }
    CHECK_EQ(count_blocked(), depth);
    order[returned++] = depth;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    for (const int signal : kSignals) {
        CHECK(::signal(signal, handler) != SIG_ERR);
    }

    raise(SIGUSR1);

    CHECK_EQ(returned, 3);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(order[i], 3 - i);
    }
    CHECK_EQ(count_blocked(), 0);
    zdtm::pass();
}
