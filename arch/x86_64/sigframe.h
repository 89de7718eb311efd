// The frame that rt_sigreturn(2) takes a thread home from.
//
// Layout of the kernel's struct rt_sigframe from its ucontext on (arch/x86/include/uapi/asm/
// sigcontext.h and ucontext.h): ucontext, then at a 64-byte boundary the XSAVE area with the
// kernel's software bytes and its end magic. The alternate stack named in the frame is one that
// the kernel rejects (size 0), which it ignores: the thread keeps the one it has.
#pragma once

#include <sys/user.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "arch/x86_64/sigframe_layout.h"

namespace crtool::arch {

// Bytes of a frame with this much XSAVE state. Without any, the kernel resets the registers that it
// would hold.
uint64_t sigframe_size(uint64_t xstate_bytes);

// The frame as it must lie at `address` (64-aligned). An interrupted system call is made again.
std::string make_sigframe(uint64_t address, const user_regs_struct& registers,
                          std::string_view xstate, uint64_t sigmask);

}  // namespace crtool::arch
