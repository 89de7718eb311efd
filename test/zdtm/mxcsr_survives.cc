// Rounding mode, flush-to-zero, unmasked exceptions and sticky flags of the SSE control register
// stay, each thread its own, also for threads that sleep in a system call.
#include <array>
#include <thread>

#include "zdtm.h"

namespace {

// Rounding down + sticky inexact; up + FTZ + DAZ; toward zero with overflow unmasked; the default.
constexpr std::array<unsigned, 4> kValues = {0x3fa0, 0xdfc0, 0x7b80 | 0x1, 0x1f80};
std::atomic<int> ready;
std::atomic<int> go;

void hold(unsigned value, bool spin) {
    __builtin_ia32_ldmxcsr(value);
    ready++;
    while (go == 0) {
        if (!spin) {
            zdtm::sleep_ms(1);
        }
    }
    const unsigned found = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(0x1f80);
    CHECK_EQ(found, value);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::array<std::thread, kValues.size() * 2> threads;
    for (size_t i = 0; i < threads.size(); i++) {
        threads[i] = std::thread(hold, kValues[i % kValues.size()], i == 0 || i == 5);
    }
    zdtm::wait_until([&] { return ready == static_cast<int>(threads.size()); });

    zdtm::checkpoint_here();

    go = 1;
    for (std::thread& thread : threads) {
        thread.join();
    }
    zdtm::pass();
}
