// Notification of POSIX message queues by threads of the C library (SIGEV_THREAD of mq_notify(3)).
#pragma once

#include <signal.h>
#include <sys/syscall.h>

#include <atomic>
#include <filesystem>

#include "queues.h"

namespace zdtm {

// What the threads were given, added up.
inline std::atomic<int> told = 0;

inline void start_thread_at(mqd_t queue, int value) {
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_notify_function = [](sigval given) { told += given.sival_int; };
    event.sigev_value.sival_int = value;
    CHECK_SYS(mq_notify(queue, &event));
}

// The C library's own thread waits for the kernel's word, and no other is left.
inline void wait_for_helper() {
    wait_until([] {
        int others = 0;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
            others += std::stoi(entry.path().filename()) != getpid() ? 1 : 0;
        }
        return others == 1;
    });
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
        const pid_t tid = std::stoi(entry.path().filename());
        if (tid != getpid()) {
            wait_in_syscall(tid, SYS_recvfrom);
        }
    }
}

}  // namespace zdtm
