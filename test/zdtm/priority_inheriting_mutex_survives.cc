// A mutex with priority inheritance is held by one thread and waited for by another across the
// checkpoint: the waiter gets it when it is given back, and the lock works on.
#include <pthread.h>

#include <thread>

#include "signals.h"
#include "threads.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    pthread_mutex_t mutex;
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    CHECK_EQ(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT), 0);
    CHECK_EQ(pthread_mutex_init(&mutex, &attributes), 0);
    CHECK_EQ(pthread_mutex_lock(&mutex), 0);
    std::atomic<pid_t> tid = 0;
    std::atomic<int> got = 0;
    std::thread waiter([&] {
        tid = zdtm::thread_id();
        CHECK_EQ(pthread_mutex_lock(&mutex), 0);
        got = 1;
        CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
    });
    zdtm::wait_until([&] { return tid != 0; });
    zdtm::wait_in_syscall(tid, SYS_futex);

    zdtm::checkpoint_here();

    zdtm::sleep_ms(30);
    CHECK_EQ(got, 0);
    CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
    waiter.join();
    CHECK_EQ(got, 1);
    for (int i = 0; i < 1000; i++) {
        CHECK_EQ(pthread_mutex_lock(&mutex), 0);
        CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
    }
    zdtm::pass();
}
