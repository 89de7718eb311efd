// See restart_plan.h.
#include "restore/restart_plan.h"

#include <errno.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>

#include "arch/x86_64/restart.h"

namespace crtool::restore {
namespace {

constexpr std::array<long, 12> kNeverRestarted{
    SYS_epoll_wait,    SYS_epoll_pwait,     SYS_epoll_pwait2, SYS_semop,
    SYS_semtimedop,    SYS_msgsnd,          SYS_msgrcv,       SYS_io_getevents,
    SYS_io_pgetevents, SYS_rt_sigtimedwait, SYS_mq_timedsend, SYS_mq_timedreceive};

constexpr unsigned kSyscallBytes = 2;

bool woken_for_nothing(const user_regs_struct& registers) {
    return static_cast<long>(registers.rax) == -EINTR &&
           std::ranges::find(kNeverRestarted, static_cast<long>(registers.orig_rax)) !=
               kNeverRestarted.end();
}

}  // namespace

user_regs_struct plan_restart(user_regs_struct registers) {
    if (!woken_for_nothing(registers))
        return arch::with_restart(registers);
    registers.rax = registers.orig_rax;
    registers.rip -= kSyscallBytes;
    registers.orig_rax = static_cast<unsigned long long>(-1);
    return registers;
}

}  // namespace crtool::restore
