// See host_futex.h.
#include "parasite/host_futex.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <climits>

namespace crtool::parasite {

bool wait_futex(uint32_t* word, uint32_t value, std::chrono::milliseconds patience) {
    std::atomic_ref<uint32_t> atomic(*word);
    // An answer often comes sooner than a sleeper is woken, which takes 50 us on an idle CPU.
    constexpr int kLooks = 60;
    for (int look = 0; look < kLooks; look++) {
        if (atomic.load() != value)
            return true;
        ::sched_yield();
    }
    timespec time = {patience.count() / 1000, (patience.count() % 1000) * 1'000'000};
    // Not FUTEX_PRIVATE_FLAG: the waker is in another address space.
    ::syscall(SYS_futex, word, FUTEX_WAIT, value, &time, nullptr, 0);
    return atomic.load() != value;
}

void wake_futex(uint32_t* word) {
    ::syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX);
}

}  // namespace crtool::parasite
