// A loop that holds known values in every general register and in xmm0 to xmm15 until it is let
// go, and then stores what it finds in them. For the threads of one program; include it once.
#pragma once

#include <cstdint>
#include <cstring>

#include "zdtm.h"

extern "C" {
struct SpinRegisters {
    uint64_t general[15];  // rax rbx rcx rdx rsi rdi rbp r8 ... r15
    uint64_t padding;
    unsigned char xmm[16][16];
};

// The loop addresses these relative to rip: no register is left to hold an address.
alignas(64) inline SpinRegisters spin_expected;
alignas(64) inline SpinRegisters spin_found;
inline volatile int spin_in;  // set when the registers are loaded
inline volatile int spin_go;  // the loop ends once this is set
void spin_registers();
}

asm(R"(
    .text
    .globl spin_registers
    .type spin_registers, @function
    .macro every_general op
        \op 0, %rax
        \op 8, %rbx
        \op 16, %rcx
        \op 24, %rdx
        \op 32, %rsi
        \op 40, %rdi
        \op 48, %rbp
        \op 56, %r8
        \op 64, %r9
        \op 72, %r10
        \op 80, %r11
        \op 88, %r12
        \op 96, %r13
        \op 104, %r14
        \op 112, %r15
    .endm
    .macro load_general offset, register
        mov spin_expected+\offset(%rip), \register
    .endm
    .macro store_general offset, register
        mov \register, spin_found+\offset(%rip)
    .endm
spin_registers:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        movups spin_expected+128+\n*16(%rip), %xmm\n
    .endr
    every_general load_general
    movl $1, spin_in(%rip)
1:
    pause
    cmpl $0, spin_go(%rip)
    je 1b
    every_general store_general
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        movups %xmm\n, spin_found+128+\n*16(%rip)
    .endr
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
    .size spin_registers, .-spin_registers
)");

namespace zdtm {

// Different values in all registers, each with bits set in every byte.
inline void prepare_spin() {
    auto* bytes = reinterpret_cast<unsigned char*>(&spin_expected);
    for (size_t i = 0; i < sizeof(spin_expected); i++) {
        bytes[i] = static_cast<unsigned char>((i * 151 + 13) | 1);
    }
    spin_in = 0;
    spin_go = 0;
}

inline void check_spin() {
    for (size_t i = 0; i < 15; i++) {
        CHECK_EQ(spin_found.general[i], spin_expected.general[i]);
    }
    for (size_t i = 0; i < 16; i++) {
        CHECK(memcmp(spin_found.xmm[i], spin_expected.xmm[i], 16) == 0);
    }
}

}  // namespace zdtm
