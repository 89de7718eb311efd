// The direction, nested task and alignment check flags of a thread that runs in user space stay
// set, and the arithmetic flags are what it made them; so is the identification flag, by which old
// programs look for the cpuid instruction.
#include <thread>

#include "zdtm.h"

extern "C" {
volatile int flags_in;
volatile int flags_go;
uint64_t flags_wanted;
uint64_t flags_found;
void spin_flags();
}

// lea, mov and jrcxz leave all flags alone, so that those that were loaded stay to the end.
asm(R"(
    .text
    .globl spin_flags
spin_flags:
    pushq flags_wanted(%rip)
    popfq
    movl $1, flags_in(%rip)
1:
    pause
    movl flags_go(%rip), %ecx
    jrcxz 1b
    pushfq
    popq flags_found(%rip)
    pushq $0x202
    popfq
    ret
)");

namespace {

constexpr uint64_t kCarry = 1 << 0;
constexpr uint64_t kParity = 1 << 2;
constexpr uint64_t kAdjust = 1 << 4;
constexpr uint64_t kSign = 1 << 7;
constexpr uint64_t kDirection = 1 << 10;
constexpr uint64_t kOverflow = 1 << 11;
constexpr uint64_t kNestedTask = 1 << 14;
constexpr uint64_t kAlignment = 1 << 18;
constexpr uint64_t kIdentification = 1 << 21;

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const uint64_t set = kCarry | kParity | kAdjust | kSign | kDirection | kOverflow | kNestedTask |
                         kAlignment | kIdentification;
    flags_wanted = 0x202 | set;
    std::thread spinner(spin_flags);
    zdtm::wait_until([] { return flags_in == 1; });

    zdtm::checkpoint_here();

    flags_go = 1;
    spinner.join();
    CHECK_EQ(flags_found, flags_wanted);
    zdtm::pass();
}
