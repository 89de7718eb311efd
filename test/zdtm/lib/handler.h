// A thread that is inside a signal handler while the checkpoint is made, and whose registers must
// be intact once the handler has returned. Shared by the tests of normal and alternate stacks.
#pragma once

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include <thread>

#include "spin.h"

namespace zdtm {

inline std::atomic<int> handler_in;
inline std::atomic<int> handler_go;
inline uintptr_t handler_frame;  // the address of a variable of the handler
inline stack_t handler_stack;    // what sigaltstack said inside the handler

inline bool blocked(int signal) {
    sigset_t mask;
    CHECK_SYS(pthread_sigmask(SIG_BLOCK, nullptr, &mask));
    return sigismember(&mask, signal) == 1;
}

inline void waiting_handler(int signal, siginfo_t* info, void* context) {
    handler_frame = reinterpret_cast<uintptr_t>(&context);
    handler_in = 1;
    while (handler_go == 0) {
        sleep_ms(1);
    }
    CHECK_SYS(sigaltstack(nullptr, &handler_stack));
    CHECK_EQ(signal, SIGUSR1);
    CHECK_EQ(info->si_signo, SIGUSR1);
    CHECK_EQ(info->si_code, SI_TKILL);
    CHECK(blocked(SIGUSR1) && blocked(SIGWINCH) && !blocked(SIGUSR2));
    const auto* user = static_cast<const ucontext_t*>(context);
    CHECK_EQ(user->uc_mcontext.gregs[REG_R15], spin_expected.general[14]);
}

// The spinner runs in a thread; before() runs there first, after() when the loop has ended.
template <typename Before, typename After>
void checkpoint_inside_handler(int flags, Before before, After after) {
    struct sigaction action = {};
    action.sa_sigaction = waiting_handler;
    action.sa_flags = SA_SIGINFO | flags;
    sigaddset(&action.sa_mask, SIGWINCH);
    CHECK_SYS(sigaction(SIGUSR1, &action, nullptr));
    prepare_spin();
    std::thread spinner([&] {
        before();
        spin_registers();
        CHECK(!blocked(SIGUSR1) && !blocked(SIGWINCH));
        after();
    });
    wait_until([] { return spin_in == 1; });
    CHECK_EQ(pthread_kill(spinner.native_handle(), SIGUSR1), 0);
    wait_until([] { return handler_in == 1; });

    checkpoint_here();

    handler_go = 1;
    sleep_ms(20);
    spin_go = 1;
    spinner.join();
    check_spin();
}

}  // namespace zdtm
