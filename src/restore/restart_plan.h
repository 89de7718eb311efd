// Registers with which a restored thread goes on in an interrupted system call.
#pragma once

#include <sys/user.h>

namespace crtool::restore {

// What arch::with_restart() does, and also calls that end with EINTR whenever the thread is woken
// (signal(7), "never restarted"): the freeze woke it, no handler ran, and the program must not see
// it. Nothing has been consumed by such a call, so it is made again.
user_regs_struct plan_restart(user_regs_struct registers);

}  // namespace crtool::restore
