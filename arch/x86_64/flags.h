// Bits of the flags register. ptrace(2) and rt_sigreturn(2) leave the identification flag as the
// thread has it (FLAG_MASK in the kernel's arch/x86/kernel/ptrace.c, FIX_EFLAGS): only the thread
// itself can set it.
#pragma once

#include <cstdint>

namespace crtool::arch {

inline constexpr uint64_t kPlainFlags = 0x202;  // interrupts on, and the bit that is always set
inline constexpr uint64_t kIdentificationFlag = uint64_t{1} << 21;

// The arithmetic flags with it. The red zone of the caller is left alone.
inline void load_flags(uint64_t flags) {
    asm volatile("lea -128(%%rsp), %%rsp; push %0; popfq; lea 128(%%rsp), %%rsp"
                 :
                 : "r"(flags)
                 : "cc", "memory");
}

}  // namespace crtool::arch
