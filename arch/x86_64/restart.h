// Interrupted system calls as registers show them.
//
// A thread stopped in a system call that the kernel means to restart has orig_rax = its number and
// rax = one of the kernel-internal codes below (include/linux/errno.h), and rip behind the two
// bytes of `syscall`. The kernel turns that into a restart on its way through signal handling.
// Where the registers travel by another way (a signal frame, a restored thread) the same must be
// done to them first: rax = the number again, rip back by two. The code for "restart block" means
// that the kernel has the remaining time of the call in the thread; elsewhere it cannot be had, so
// the call is made again as it was: a relative wait may last longer, but no program sees an EINTR
// out of nothing.
#pragma once

#include <sys/user.h>

#include <cstddef>
#include <span>

namespace crtool::arch {

enum class Interrupted { no, restart, restart_block };

Interrupted interrupted(const user_regs_struct& registers);

// Registers from which the interrupted call is made again; unchanged when none was.
user_regs_struct with_restart(user_regs_struct registers);

// A wait that the kernel has resumed once before shows restart_syscall(2) as its number. What the
// program had called stands in its code: `mov $number, %eax; syscall` ends at rip.
bool is_restarting(const user_regs_struct& registers);
inline constexpr size_t kCallSiteBytes = 7;
// The number, from the bytes that end at rip; where another instruction loads it, from the shape of
// the arguments. The kernel resumes the wait by its restart block, whatever orig_rax says.
long call_at(const user_regs_struct& registers, std::span<const std::byte> code);

// A call that gave up with EINTR although it would have gone on waiting, and that can be made again
// with the same arguments.
bool interrupted_for_good(const user_regs_struct& registers);

// Registers from which the call that was under way is made again.
user_regs_struct made_again(user_regs_struct registers);

}  // namespace crtool::arch
