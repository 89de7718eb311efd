// Threads that say that they are there, wait for the end of the checkpoint, and then check.
#pragma once

#include <sys/syscall.h>

#include <thread>
#include <vector>

#include "zdtm.h"

namespace zdtm {

inline pid_t thread_id() {
    return static_cast<pid_t>(syscall(SYS_gettid));
}

// Runs before(i) and, after the checkpoint, after(i) in each of this many threads, and joins them.
template <typename Before, typename After>
void checkpoint_with_threads(int count, Before before, After after) {
    std::atomic<int> ready = 0;
    std::atomic<int> go = 0;
    std::vector<std::thread> threads;
    threads.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; i++) {
        threads.emplace_back([&, i] {
            before(i);
            ready++;
            ready.notify_one();
            go.wait(0);
            after(i);
        });
    }
    wait_until([&] { return ready == count; }, 60);

    checkpoint_here();

    go = 1;
    go.notify_all();
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace zdtm
