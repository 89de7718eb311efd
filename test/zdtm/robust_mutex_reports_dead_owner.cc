// A robust mutex in shared memory is held across the checkpoint; when its owner dies afterwards,
// the next one to lock it is told (EOWNERDEAD), so the kernel still knows the owner's list.
#include <pthread.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    auto* mutex = reinterpret_cast<pthread_mutex_t*>(&shared->slot[0]);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    CHECK_EQ(pthread_mutex_init(mutex, &attributes), 0);
    const pid_t owner = zdtm::fork_child([&] {
        CHECK_EQ(pthread_mutex_lock(mutex), 0);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });
    CHECK_EQ(pthread_mutex_trylock(mutex), EBUSY);

    zdtm::checkpoint_here();

    CHECK_EQ(pthread_mutex_trylock(mutex), EBUSY);
    shared->go = 1;
    zdtm::expect_exit(owner);
    CHECK_EQ(pthread_mutex_lock(mutex), EOWNERDEAD);
    CHECK_EQ(pthread_mutex_consistent(mutex), 0);
    CHECK_EQ(pthread_mutex_unlock(mutex), 0);
    CHECK_EQ(pthread_mutex_lock(mutex), 0);
    zdtm::pass();
}
