// What tests of signals share: sets, the raw system calls (the C library hides some signals and
// the restorer), and taking a pending signal.
#pragma once

#include <signal.h>
#include <sys/syscall.h>

#include <cstring>
#include <initializer_list>

#include "zdtm.h"

namespace zdtm {

constexpr int kSignals = 64;

// The kernel's own struct of rt_sigaction.
struct KernelAction {
    uintptr_t handler;
    unsigned long flags;
    uintptr_t restorer;
    uint64_t mask;

    bool operator==(const KernelAction&) const = default;
};

inline KernelAction action_of(int signal) {
    KernelAction action = {};
    CHECK_SYS(syscall(SYS_rt_sigaction, signal, nullptr, &action, 8));
    return action;
}

inline uint64_t blocked_mask() {
    uint64_t mask = 0;
    CHECK_SYS(syscall(SYS_rt_sigprocmask, SIG_BLOCK, nullptr, &mask, 8));
    return mask;
}

inline uint64_t pending_mask() {
    uint64_t mask = 0;
    CHECK_SYS(syscall(SYS_rt_sigpending, &mask, 8));
    return mask;
}

inline uint64_t bit(int signal) {
    return uint64_t{1} << (signal - 1);
}

inline sigset_t set_of(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals) {
        sigaddset(&set, signal);
    }
    return set;
}

inline void block(std::initializer_list<int> signals) {
    const sigset_t set = set_of(signals);
    CHECK_EQ(pthread_sigmask(SIG_BLOCK, &set, nullptr), 0);
}

inline void unblock(std::initializer_list<int> signals) {
    const sigset_t set = set_of(signals);
    CHECK_EQ(pthread_sigmask(SIG_UNBLOCK, &set, nullptr), 0);
}

// Takes the next pending one of a signal; it must be there already. (The C library's sigtimedwait
// would show SI_TKILL as SI_USER.)
inline siginfo_t take(int signal) {
    const uint64_t set = bit(signal);
    const timespec none = {};
    siginfo_t info = {};
    CHECK_EQ(syscall(SYS_rt_sigtimedwait, &set, &info, &none, 8), signal);
    return info;
}

inline bool none_pending(int signal) {
    return (pending_mask() & bit(signal)) == 0;
}

inline void catch_with(int signal, void (*handler)(int, siginfo_t*, void*), int flags = 0) {
    struct sigaction action = {};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | flags;
    CHECK_SYS(sigaction(signal, &action, nullptr));
}

}  // namespace zdtm
