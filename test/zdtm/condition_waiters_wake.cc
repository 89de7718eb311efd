// Threads that wait for a condition, a semaphore and a mutex are all woken by what other threads
// do after the restore; a private futex counts its waiters as before.
#include <semaphore.h>

#include <condition_variable>
#include <mutex>

#include "threads.h"

namespace {

constexpr int kWaiters = 8;
std::mutex mutex;
std::mutex held;
std::condition_variable condition;
sem_t semaphore;
bool open = false;
std::atomic<int> woken;
std::atomic<pid_t> tids[kWaiters];

void wait_somehow(int i) {
    tids[i] = zdtm::thread_id();
    if (i < 4) {
        std::unique_lock lock(mutex);
        condition.wait(lock, [] { return open; });
    } else if (i < 6) {
        CHECK_SYS(sem_wait(&semaphore));
    } else {
        const std::lock_guard lock(held);
    }
    woken++;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(sem_init(&semaphore, 0, 0));
    held.lock();
    std::vector<std::thread> threads;
    for (int i = 0; i < kWaiters; i++) {
        threads.emplace_back(wait_somehow, i);
        zdtm::wait_until([&] { return tids[i] != 0; });
        zdtm::wait_in_syscall(tids[i], SYS_futex);
    }

    zdtm::checkpoint_here();

    zdtm::sleep_ms(20);
    CHECK_EQ(woken, 0);
    {
        const std::lock_guard lock(mutex);
        open = true;
    }
    condition.notify_all();
    zdtm::wait_until([] { return woken == 4; });
    CHECK_SYS(sem_post(&semaphore));
    zdtm::wait_until([] { return woken == 5; });
    CHECK_SYS(sem_post(&semaphore));
    zdtm::wait_until([] { return woken == 6; });
    held.unlock();
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK_EQ(woken, kWaiters);
    zdtm::pass();
}
