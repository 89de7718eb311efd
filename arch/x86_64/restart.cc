// See restart.h.
#include "arch/x86_64/restart.h"

#include <errno.h>
#include <sys/syscall.h>

#include <algorithm>
#include <iterator>

namespace crtool::arch {
namespace {

constexpr long kRestartSys = -512;
constexpr long kRestartNoIntr = -513;
constexpr long kRestartNoHand = -514;
constexpr long kRestartBlock = -516;
constexpr unsigned kSyscallBytes = 2;

// Calls that wait and have done nothing yet when they return EINTR: sockets do so when they have a
// timeout (socket(7), SO_RCVTIMEO), read(2) of an inotify descriptor after a stop (signal(7)).
constexpr long kWaitingCalls[] = {
    SYS_read,        SYS_accept,         SYS_accept4,    SYS_recvfrom,     SYS_recvmsg,
    SYS_recvmmsg,    SYS_epoll_wait,     SYS_epoll_pwait, SYS_epoll_pwait2, SYS_semop,
    SYS_semtimedop,  SYS_rt_sigtimedwait, SYS_io_getevents, SYS_io_pgetevents, SYS_futex,
};

}  // namespace

Interrupted interrupted(const user_regs_struct& registers) {
    if (static_cast<long>(registers.orig_rax) < 0)
        return Interrupted::no;
    switch (static_cast<long>(registers.rax)) {
        case kRestartSys:
        case kRestartNoIntr:
        case kRestartNoHand:
            return Interrupted::restart;
        case kRestartBlock:
            return Interrupted::restart_block;
        default:
            return Interrupted::no;
    }
}

bool interrupted_for_good(const user_regs_struct& registers) {
    if (static_cast<long>(registers.rax) != -EINTR)
        return false;
    return std::ranges::find(kWaitingCalls, static_cast<long>(registers.orig_rax)) !=
           std::end(kWaitingCalls);
}

user_regs_struct made_again(user_regs_struct registers) {
    registers.rax = registers.orig_rax;
    registers.rip -= kSyscallBytes;
    registers.orig_rax = static_cast<unsigned long long>(-1);
    return registers;
}

user_regs_struct with_restart(user_regs_struct registers) {
    if (interrupted(registers) != Interrupted::no)
        return made_again(registers);
    registers.orig_rax = static_cast<unsigned long long>(-1);
    return registers;
}

}  // namespace crtool::arch
