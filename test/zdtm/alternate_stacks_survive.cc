// Each thread keeps its own alternate signal stack, its flags included, and the next signal runs
// on it. A thread that has none still has none.
#include <signal.h>

#include <array>
#include <thread>

#include "zdtm.h"

namespace {

constexpr int kThreads = 4;
constexpr size_t kSize = 32 * 1024;
alignas(64) char memory[kThreads][kSize];
thread_local uintptr_t frame;
std::atomic<int> ready;
std::atomic<int> go;

void handler(int) {
    frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
}

int flags_of(int index) {
    return index == 1 ? static_cast<int>(1U << 31) : 0;  // SS_AUTODISARM
}

void hold(int index) {
    const stack_t wanted = {memory[index], flags_of(index), kSize - 4096 * index};
    if (index != 3) {
        CHECK_SYS(sigaltstack(&wanted, nullptr));
    }
    ready++;
    zdtm::wait_until([] { return go == 1; }, 600);
    stack_t found = {};
    CHECK_SYS(sigaltstack(nullptr, &found));
    raise(SIGUSR1);
    if (index == 3) {
        CHECK_EQ(found.ss_flags, SS_DISABLE);
        return;
    }
    CHECK_EQ(found.ss_sp, wanted.ss_sp);
    CHECK_EQ(found.ss_size, wanted.ss_size);
    CHECK_EQ(found.ss_flags, wanted.ss_flags);
    const auto start = reinterpret_cast<uintptr_t>(memory[index]);
    CHECK(start <= frame && frame < start + wanted.ss_size);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_ONSTACK;
    CHECK_SYS(sigaction(SIGUSR1, &action, nullptr));
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
    zdtm::pass();
}
