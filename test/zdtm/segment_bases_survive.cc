// Each thread keeps its own bases of the fs and gs segments: thread-local variables stay its own,
// and memory addressed through gs is the one that the thread has chosen.
#include <asm/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <thread>

#include "zdtm.h"

namespace {

constexpr int kThreads = 4;
thread_local int64_t own = -1;
std::array<int64_t, kThreads> cells;
std::atomic<int> ready;
std::atomic<int> go;

unsigned long base(int which) {
    unsigned long value = 0;
    CHECK_SYS(syscall(SYS_arch_prctl, which, &value));
    return value;
}

int64_t through_gs() {
    int64_t value = 0;
    asm volatile("mov %%gs:0, %0" : "=r"(value) : : "memory");
    return value;
}

void hold(int index) {
    own = 100 + index;
    cells[index] = 7000 + index;
    CHECK_SYS(syscall(SYS_arch_prctl, ARCH_SET_GS, &cells[index]));
    const unsigned long fs = base(ARCH_GET_FS);
    ready++;
    while (go == 0) {
        if (index != 0) {
            zdtm::sleep_ms(1);
        }
    }
    CHECK_EQ(through_gs(), 7000 + index);
    CHECK_EQ(base(ARCH_GET_GS), reinterpret_cast<unsigned long>(&cells[index]));
    CHECK_EQ(base(ARCH_GET_FS), fs);
    CHECK_EQ(own, 100 + index);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    own = 5;
    std::array<std::thread, kThreads> threads;
    for (int i = 0; i < kThreads; i++) {
        threads[i] = std::thread(hold, i);
    }
    zdtm::wait_until([] { return ready == kThreads; });

    zdtm::checkpoint_here();

    go = 1;
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK_EQ(own, 5);
    CHECK_EQ(base(ARCH_GET_GS), 0);
    zdtm::pass();
}
