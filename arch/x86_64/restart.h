// Interrupted system calls as registers show them.
//
// A thread stopped in a system call that the kernel means to restart has orig_rax = its number and
// rax = one of the kernel-internal codes below (include/linux/errno.h), and rip behind the two
// bytes of `syscall`. On its way through signal handling (arch_do_signal_or_restart) the kernel
// turns that into the same call again or, when a handler runs first and has no SA_RESTART, into an
// EINTR. So a thread that stands in a PTRACE_EVENT_STOP gets such registers as they are, and the
// kernel decides.
//
// The code for "restart block" means that the kernel keeps the remaining time of the call in the
// thread. In another thread that cannot be had: the call is made again as it was. A relative wait
// may last longer, but no program sees an EINTR out of nothing.
#pragma once

#include <sys/user.h>

#include <cstddef>
#include <span>

namespace crtool::arch {

enum class Interrupted { no, restart, restart_block };

Interrupted interrupted(const user_regs_struct& registers);

// A wait that the kernel has resumed once before shows restart_syscall(2) as its number. What the
// program had called stands in its code: `mov $number, %eax; syscall` ends at rip.
bool is_restarting(const user_regs_struct& registers);
inline constexpr size_t kSyscallBytes = 2;
inline constexpr size_t kCallSiteBytes = 7;
// With the number of the program's own call, from the bytes that end at rip; where another
// instruction loads it, from the shape of the arguments, which are still those of the call. The
// kernel resumes the wait by its restart block, whatever orig_rax says.
user_regs_struct with_own_call(user_regs_struct registers, std::span<const std::byte> code);

// The kernel has decided to resume a wait, and the thread stands before the instruction that makes
// restart_syscall(2).
bool is_about_to_resume(const user_regs_struct& registers);
// As it was interrupted in the wait, for a thread that has no restart block. `code`: the bytes that
// end behind that instruction.
user_regs_struct as_interrupted(user_regs_struct registers, std::span<const std::byte> code);

// Some calls end with EINTR, and no restart, for any stop (signal(7)): epoll_wait, sigtimedwait and
// the like. They have done nothing yet, so the same code is put in as for a call that only a
// handler ends; unchanged when no such call was interrupted.
user_regs_struct with_restart_unless_handled(user_regs_struct registers);

// For a thread that has not the kernel's restart block: the call starts anew.
user_regs_struct without_restart_block(user_regs_struct registers);

// For a way home past the kernel's decision (a signal frame): registers from which the interrupted
// call is made again; unchanged when none was.
user_regs_struct with_restart(user_regs_struct registers);

}  // namespace crtool::arch
