// Numbers of x86-64 that the kernel probes of src/sys ask with. Constants only, so that src/sys
// needs nothing of this directory to link.
//
// The vdso can be mapped a second time by arch_prctl, the extended CPU state travels in an ELF
// note, and hardware breakpoints are written into the debug registers through PTRACE_POKEUSER.
#pragma once

#include <asm/prctl.h>
#include <linux/audit.h>
#include <linux/elf.h>
#include <sys/user.h>

#include <cstddef>
#include <cstdint>

namespace crtool::arch {

inline constexpr int kMapVdso = ARCH_MAP_VDSO_64;
inline constexpr int kExtendedStateNote = NT_X86_XSTATE;
inline constexpr uint32_t kAuditArch = AUDIT_ARCH_X86_64;  // seccomp_data.arch
inline constexpr size_t kFirstDebugRegister = offsetof(struct user, u_debugreg);

}  // namespace crtool::arch
