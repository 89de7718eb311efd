// See host_life.h.
#include "parasite/host_life.h"

#include <linux/futex.h>

#include <cstddef>
#include <new>

#include "base/error.h"

namespace crtool::parasite {

// The C library owns the list of robust futexes, so it is a mutex of its kind; its word comes
// first. With FUTEX_WAITERS in it the kernel wakes somebody (handle_futex_death of
// kernel/futex/core.c).
HostLife::HostLife(void* place) : mutex_(new (place) pthread_mutex_t) {
    static_assert(offsetof(pthread_mutex_t, __data.__lock) == 0);
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    ::pthread_mutex_init(mutex_, &attributes);
    ::pthread_mutexattr_destroy(&attributes);
    if (int error = ::pthread_mutex_lock(mutex_); error != 0)
        fail_errno(error, "cannot lock a new mutex");
    __atomic_fetch_or(reinterpret_cast<unsigned*>(mutex_), FUTEX_WAITERS, __ATOMIC_SEQ_CST);
}

HostLife::~HostLife() {
    ::pthread_mutex_unlock(mutex_);
    ::pthread_mutex_destroy(mutex_);
}

}  // namespace crtool::parasite
