// The restartable-sequence area of each thread stays registered with the kernel: after a restore
// it tells the CPU that the thread runs on, and follows when the thread is moved.
#include <sched.h>
#include <sys/rseq.h>
#include <sys/syscall.h>

#include <array>
#include <thread>

#include "zdtm.h"

namespace {

std::atomic<int> ready;
std::atomic<int> go;

volatile struct rseq* area() {
    char* thread = static_cast<char*>(__builtin_thread_pointer());
    return reinterpret_cast<struct rseq*>(thread + __rseq_offset);
}

// Without a registration the kernel would leave the field as it is.
void check_followed() {
    cpu_set_t all;
    CHECK_SYS(sched_getaffinity(0, sizeof(all), &all));
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &all)) {
            continue;
        }
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        CHECK_SYS(sched_setaffinity(0, sizeof(one), &one));
        CHECK_EQ(area()->cpu_id, cpu);
        CHECK_EQ(area()->cpu_id_start, cpu);
    }
    CHECK_SYS(sched_setaffinity(0, sizeof(all), &all));
    // A second registration of another area is refused as long as one is in force.
    alignas(32) static struct rseq other;
    CHECK_EQ(syscall(SYS_rseq, &other, sizeof(other), 0, RSEQ_SIG), -1);
    CHECK_EQ(errno, EINVAL);
}

void hold() {
    check_followed();
    ready++;
    zdtm::wait_until([] { return go == 1; }, 600);
    check_followed();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    if (__rseq_size == 0) {
        zdtm::skip("the C library has registered no rseq area");
    }
    std::array<std::thread, 3> threads;
    for (std::thread& thread : threads) {
        thread = std::thread(hold);
    }
    zdtm::wait_until([] { return ready == 3; });
    check_followed();

    zdtm::checkpoint_here();

    check_followed();
    go = 1;
    for (std::thread& thread : threads) {
        thread.join();
    }
    zdtm::pass();
}
