// See host_futex.h.
#include "parasite/host_futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <climits>

namespace crtool::parasite {

bool wait_futex(uint32_t* word, uint32_t value, std::chrono::milliseconds patience) {
    std::atomic_ref<uint32_t> atomic(*word);
    if (atomic.load() != value)
        return true;
    timespec time = {patience.count() / 1000, (patience.count() % 1000) * 1'000'000};
    // Not FUTEX_PRIVATE_FLAG: the waker is in another address space.
    ::syscall(SYS_futex, word, FUTEX_WAIT, value, &time, nullptr, 0);
    return atomic.load() != value;
}

void wake_futex(uint32_t* word) { ::syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX); }

}  // namespace crtool::parasite
