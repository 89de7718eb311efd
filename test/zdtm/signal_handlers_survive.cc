// What each signal does is the same to the last bit (handler, flags, restorer and mask as the
// kernel tells them), the blocked mask is, and a handler runs with the right mask.
#include <array>

#include "signals.h"

namespace {

int caught;
uint64_t mask_inside;

void handler(int signal, siginfo_t*, void*) {
    caught = signal;
    mask_inside = zdtm::blocked_mask();
}

void set_raw(int signal, zdtm::KernelAction action) {
    CHECK_SYS(syscall(SYS_rt_sigaction, signal, &action, nullptr, 8));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::catch_with(SIGUSR1, handler, SA_RESTART);
    const zdtm::KernelAction model = zdtm::action_of(SIGUSR1);
    const unsigned long flags[] = {SA_RESTART, SA_NODEFER, SA_ONSTACK | SA_RESETHAND,
                                   SA_NOCLDSTOP | SA_NOCLDWAIT, 0};
    for (int signal = 2; signal <= zdtm::kSignals; signal++) {
        if (signal == SIGKILL || signal == SIGSTOP || signal == SIGSEGV || signal % 4 == 3) {
            continue;
        }
        zdtm::KernelAction action = model;
        action.flags = (model.flags & 0x04000000) | SA_SIGINFO | flags[signal % 5];
        action.mask = 0x5a5a5a5a5a5a5a5aULL * static_cast<uint64_t>(signal);
        action.handler = signal % 4 == 1 ? reinterpret_cast<uintptr_t>(SIG_IGN) : model.handler;
        set_raw(signal, action);
    }
    zdtm::block({SIGUSR2, SIGALRM, 33, 50, 64});
    const uint64_t blocked = zdtm::blocked_mask();
    std::array<zdtm::KernelAction, zdtm::kSignals + 1> before = {};
    for (int signal = 1; signal <= zdtm::kSignals; signal++) {
        before[signal] = zdtm::action_of(signal);
    }

    zdtm::checkpoint_here();

    for (int signal = 1; signal <= zdtm::kSignals; signal++) {
        CHECK(zdtm::action_of(signal) == before[signal]);
    }
    CHECK_EQ(zdtm::blocked_mask(), blocked);
    CHECK_SYS(kill(getpid(), SIGUSR1));
    CHECK_EQ(caught, SIGUSR1);
    const uint64_t own = (before[SIGUSR1].flags & SA_NODEFER) != 0 ? 0 : zdtm::bit(SIGUSR1);
    const uint64_t unblockable = zdtm::bit(SIGKILL) | zdtm::bit(SIGSTOP);
    CHECK_EQ(mask_inside, (before[SIGUSR1].mask | blocked | own) & ~unblockable);
    zdtm::pass();
}
