// A thread that denies itself to write to all ordinary memory leaves no room for anything to be
// done inside of it; a dump says so.
#include <sys/rseq.h>

#include "threads.h"

namespace {

// The kernel (before 6.15) writes there with the rights of the thread.
void give_up_rseq() {
    constexpr size_t kRegistered = 32;
    CHECK_SYS(syscall(SYS_rseq, static_cast<char*>(__builtin_thread_pointer()) + __rseq_offset,
                      kRegistered, RSEQ_FLAG_UNREGISTER, RSEQ_SIG));
}

// Spins without memory of its own until the word is not 0.
void spin_denied(const std::atomic<int>& word) {
    constexpr unsigned kWriteDisabled = 2;
    asm volatile(
        "xor %%ecx, %%ecx; xor %%edx, %%edx; mov %0, %%eax; .byte 0x0f, 0x01, 0xef\n"
        "1: pause; cmpl $0, (%1); je 1b\n"
        "xor %%eax, %%eax; .byte 0x0f, 0x01, 0xef"
        :
        : "r"(kWriteDisabled), "r"(&word)
        : "eax", "ecx", "edx", "cc", "memory");
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::atomic<int> word = 0;
    std::atomic<bool> begun = false;
    std::thread thread([&] {
        give_up_rseq();
        begun = true;
        spin_denied(word);
    });
    zdtm::wait_until([&] { return begun.load(); });
    zdtm::sleep_ms(50);

    zdtm::checkpoint_here();

    word = 1;
    thread.join();
    zdtm::pass();
}
