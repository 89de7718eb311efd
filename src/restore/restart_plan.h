// Registers with which a restored thread goes on in an interrupted system call.
#pragma once

#include <sys/user.h>

namespace crtool::restore {

// A call that was interrupted, restarted by the kernel and interrupted again shows as
// restart_syscall(2), which means nothing in another thread. The arguments are still those of the
// first call, and only four calls are restarted so: nanosleep, clock_nanosleep, futex and poll.
// Puts the number that fits the arguments into orig_rax.
user_regs_struct with_first_call(user_regs_struct registers);

// What arch::with_restart() does, and also calls that end with EINTR whenever the thread is woken
// (signal(7), "never restarted"): the freeze woke it, no handler ran, and the program must not see
// it. Nothing has been consumed by such a call, so it is made again.
user_regs_struct plan_restart(user_regs_struct registers);

}  // namespace crtool::restore
