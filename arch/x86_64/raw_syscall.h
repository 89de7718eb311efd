// System calls of x86_64 without libc: number in rax, arguments in rdi rsi rdx r10 r8 r9, result or
// -errno in rax; the instruction clobbers rcx and r11. Used by the blob, which has no libc, and no
// errno.
#pragma once

#include <cstdint>

namespace crtool::arch {

inline int64_t raw_syscall(uint64_t number, uint64_t a0 = 0, uint64_t a1 = 0, uint64_t a2 = 0,
                           uint64_t a3 = 0, uint64_t a4 = 0, uint64_t a5 = 0) {
    int64_t result = static_cast<int64_t>(number);
    register uint64_t r10 asm("r10") = a3;
    register uint64_t r8 asm("r8") = a4;
    register uint64_t r9 asm("r9") = a5;
    asm volatile("syscall"
                 : "+a"(result)
                 : "D"(a0), "S"(a1), "d"(a2), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
}

}  // namespace crtool::arch
