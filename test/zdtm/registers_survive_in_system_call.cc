// A thread that sleeps in read finds all registers as it left them, but for the three that the
// system call itself changes (rax, rcx and r11), and read gives what is written afterwards.
#include <sys/syscall.h>

#include <thread>

#include "zdtm.h"

extern "C" {
uint64_t call_expected[13];  // rbx rdx rsi rdi rbp r8 r9 r10 r12 r13 r14 r15 and the result
uint64_t call_found[13];
alignas(16) unsigned char call_xmm[8][16];
alignas(16) unsigned char call_xmm_found[8][16];
void read_with_registers();
}

asm(R"(
    .text
    .globl read_with_registers
    .macro every_kept op
        \op 0, %rbx
        \op 8, %rdx
        \op 16, %rsi
        \op 24, %rdi
        \op 32, %rbp
        \op 40, %r8
        \op 48, %r9
        \op 56, %r10
        \op 64, %r12
        \op 72, %r13
        \op 80, %r14
        \op 88, %r15
    .endm
    .macro load_kept offset, register
        mov call_expected+\offset(%rip), \register
    .endm
    .macro store_kept offset, register
        mov \register, call_found+\offset(%rip)
    .endm
read_with_registers:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
        movups call_xmm+\n*16(%rip), %xmm\n
    .endr
    every_kept load_kept
    xor %eax, %eax
    syscall
    mov %rax, call_found+96(%rip)
    every_kept store_kept
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
        movups %xmm\n, call_xmm_found+\n*16(%rip)
    .endr
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
)");

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    static char buffer[64];
    int pipe_ends[2];
    CHECK_SYS(pipe(pipe_ends));
    for (size_t i = 0; i < 12; i++) {
        call_expected[i] = 0x123456789abcdef1 * (i + 3);
    }
    call_expected[1] = sizeof(buffer);
    call_expected[2] = reinterpret_cast<uint64_t>(buffer);
    call_expected[3] = static_cast<uint64_t>(pipe_ends[0]);
    call_expected[12] = 5;
    for (size_t i = 0; i < sizeof(call_xmm); i++) {
        call_xmm[i / 16][i % 16] = static_cast<unsigned char>(i * 11 + 7);
    }
    std::atomic<pid_t> tid = 0;
    std::thread reader([&] {
        tid = static_cast<pid_t>(syscall(SYS_gettid));
        read_with_registers();
    });
    zdtm::wait_until([&] { return tid != 0; });
    zdtm::wait_in_syscall(tid, SYS_read);

    zdtm::checkpoint_here();

    CHECK_EQ(write(pipe_ends[1], "hello", 5), 5);
    reader.join();
    for (size_t i = 0; i < 13; i++) {
        CHECK_EQ(call_found[i], call_expected[i]);
    }
    CHECK(std::string_view(buffer, 5) == "hello");
    for (size_t i = 0; i < sizeof(call_xmm); i++) {
        CHECK_EQ(call_xmm_found[i / 16][i % 16], call_xmm[i / 16][i % 16]);
    }
    zdtm::pass();
}
