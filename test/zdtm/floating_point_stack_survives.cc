// The x87 state of a thread that runs in user space stays: eight values on its register stack, an
// odd control word, the exception flags and the top of stack.
#include <cstring>
#include <thread>

#include "zdtm.h"

extern "C" {
// The memory image of fnsave in 64-bit mode.
struct X87State {
    uint16_t control, unused_control, status, unused_status, tag, unused_tag;
    uint32_t pointers[4];
    unsigned char registers[80];
};

alignas(16) X87State x87_first;
alignas(16) X87State x87_last;
uint16_t x87_control = 0x0c7f;  // single precision, truncating, all exceptions masked
volatile int x87_in;
volatile int x87_go;
void spin_x87();
}

asm(R"(
    .text
    .globl spin_x87
spin_x87:
    fninit
    fldcw x87_control(%rip)
    fld1
    fldz
    fdivrp %st, %st(1)
    fldpi
    fldl2e
    fldl2t
    fldlg2
    fldln2
    fld1
    fldpi
    fnsave x87_first(%rip)
    frstor x87_first(%rip)
    movl $1, x87_in(%rip)
1:
    pause
    cmpl $0, x87_go(%rip)
    je 1b
    fnsave x87_last(%rip)
    ret
)");

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    static_assert(sizeof(X87State) == 108);
    std::thread spinner(spin_x87);
    zdtm::wait_until([] { return x87_in == 1; });

    zdtm::checkpoint_here();

    x87_go = 1;
    spinner.join();
    CHECK_EQ(x87_last.control, x87_control);
    CHECK_EQ(x87_last.control, x87_first.control);
    CHECK_EQ(x87_last.status, x87_first.status);
    CHECK_EQ(x87_last.tag, x87_first.tag);
    CHECK(memcmp(x87_last.registers, x87_first.registers, sizeof(x87_last.registers)) == 0);
    CHECK((x87_last.status & 0x4) != 0);  // the division by zero has left its mark
    zdtm::pass();
}
