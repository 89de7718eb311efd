// /proc/PID/timers: the POSIX timers of a task. (What remains of each comes from timer_gettime.)
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace crtool::sys {

struct PosixTimer {
    int id = 0;
    int signal = 0;
    uint64_t sigev_value = 0;  // sigval.sival_ptr
    int notify = 0;            // SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD; with SIGEV_THREAD_ID or'ed
    // The thread (SIGEV_THREAD_ID) or task that is told, as the reader's pid namespace sees it.
    pid_t target = 0;
    int clock = 0;  // negative for CPU clocks of a task or thread
};

// Ascending ids, as the kernel lists them. Throws Errc::internal on malformed text.
std::vector<PosixTimer> parse_timers(std::string_view text);

}  // namespace crtool::sys
