// POSIX timers by raw system calls: the C library would hide the kernel's timer ids.
#pragma once

#include <ctime>

#include "signals.h"

namespace zdtm {

inline timespec to_spec(double seconds) {
    const auto whole = static_cast<time_t>(seconds);
    return {whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
}

inline double to_seconds(const timespec& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

inline int make_timer(clockid_t clock, int notify, int signal, int value, pid_t tid = 0) {
    sigevent event = {};
    event.sigev_notify = notify;
    event.sigev_signo = signal;
    event.sigev_value.sival_int = value;
    event._sigev_un._tid = tid;
    int id = -1;
    CHECK_SYS(syscall(SYS_timer_create, clock, &event, &id));
    return id;
}

inline void arm_timer(int id, double value, double interval, int flags = 0) {
    const itimerspec wanted = {to_spec(interval), to_spec(value)};
    CHECK_SYS(syscall(SYS_timer_settime, id, flags, &wanted, nullptr));
}

inline itimerspec timer_state(int id) {
    itimerspec found = {};
    CHECK_SYS(syscall(SYS_timer_gettime, id, &found));
    return found;
}

inline bool timer_exists(int id) {
    itimerspec found = {};
    return syscall(SYS_timer_gettime, id, &found) == 0;
}

// Waits for a signal, which the caller has blocked.
inline siginfo_t await_signal(int signal, double seconds = 20) {
    const uint64_t set = bit(signal);
    const timespec timeout = to_spec(seconds);
    siginfo_t info = {};
    CHECK_EQ(syscall(SYS_rt_sigtimedwait, &set, &info, &timeout, 8), signal);
    return info;
}

}  // namespace zdtm
