// The 256-bit registers ymm0 to ymm15 of a thread that runs in user space hold all their bits.
#include <cstring>
#include <thread>

#include "zdtm.h"

extern "C" {
alignas(64) unsigned char ymm_expected[16][32];
alignas(64) unsigned char ymm_found[16][32];
volatile int ymm_in;
volatile int ymm_go;
void spin_ymm();
}

asm(R"(
    .text
    .globl spin_ymm
spin_ymm:
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        vmovups ymm_expected+\n*32(%rip), %ymm\n
    .endr
    movl $1, ymm_in(%rip)
1:
    pause
    cmpl $0, ymm_go(%rip)
    je 1b
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        vmovups %ymm\n, ymm_found+\n*32(%rip)
    .endr
    vzeroupper
    ret
)");

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    for (size_t i = 0; i < sizeof(ymm_expected); i++) {
        ymm_expected[i / 32][i % 32] = static_cast<unsigned char>((i * 37 + 5) | 1);
    }
    std::thread spinner(spin_ymm);
    zdtm::wait_until([] { return ymm_in == 1; });

    zdtm::checkpoint_here();

    ymm_go = 1;
    spinner.join();
    for (size_t i = 0; i < 16; i++) {
        CHECK(memcmp(ymm_found[i], ymm_expected[i], 32) == 0);
    }
    zdtm::pass();
}
