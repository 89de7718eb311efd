// The 512-bit registers zmm0 to zmm31 and the mask registers k0 to k7 of a thread that runs in user
// space hold all their bits, in two threads with different values.
#include <cstring>
#include <thread>

#include "zdtm.h"

extern "C" {
struct WideState {
    unsigned char zmm[32][64];
    uint64_t mask[8];
    int in;
    int go;
};

// Loads the registers from the first, spins until its go is set, and stores them to the second.
void spin_zmm(volatile WideState* expected, WideState* found);
}

asm(R"(
    .text
    .globl spin_zmm
spin_zmm:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        vmovups \n*64(%rdi), %zmm\n
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
        kmovw 2048+\n*8(%rdi), %k\n
    .endr
    movl $1, 2112(%rdi)
1:
    pause
    cmpl $0, 2116(%rdi)
    je 1b
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        vmovups %zmm\n, \n*64(%rsi)
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
        kmovw %k\n, 2048+\n*8(%rsi)
    .endr
    vzeroupper
    ret
)");

namespace {

alignas(64) WideState expected[2];
alignas(64) WideState found[2];

void prepare(WideState& state, unsigned seed) {
    for (size_t i = 0; i < sizeof(state.zmm); i++) {
        state.zmm[i / 64][i % 64] = static_cast<unsigned char>((i * 37 + seed) | 1);
    }
    for (size_t i = 0; i < 8; i++) {
        state.mask[i] = (i + seed) * 4099 & 0xffff;
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    prepare(expected[0], 3);
    prepare(expected[1], 58);
    std::thread one(spin_zmm, &expected[0], &found[0]);
    std::thread two(spin_zmm, &expected[1], &found[1]);
    auto in = [](int i) { return *static_cast<volatile int*>(&expected[i].in) == 1; };
    zdtm::wait_until([&] { return in(0) && in(1); });

    zdtm::checkpoint_here();

    for (WideState& state : expected) {
        *static_cast<volatile int*>(&state.go) = 1;
    }
    one.join();
    two.join();
    for (int i = 0; i < 2; i++) {
        CHECK(memcmp(found[i].zmm, expected[i].zmm, sizeof(found[i].zmm)) == 0);
        CHECK(memcmp(found[i].mask, expected[i].mask, sizeof(found[i].mask)) == 0);
    }
    zdtm::pass();
}
