// See restart.h.
#include "arch/x86_64/restart.h"

#include <errno.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
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
    SYS_read,       SYS_accept,          SYS_accept4,      SYS_recvfrom,      SYS_recvmsg,
    SYS_recvmmsg,   SYS_epoll_wait,      SYS_epoll_pwait,  SYS_epoll_pwait2,  SYS_semop,
    SYS_semtimedop, SYS_rt_sigtimedwait, SYS_io_getevents, SYS_io_pgetevents, SYS_futex,
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

bool is_restarting(const user_regs_struct& registers) {
    return static_cast<long>(registers.orig_rax) == SYS_restart_syscall &&
           static_cast<long>(registers.rax) == kRestartBlock;
}

long call_at(const user_regs_struct& registers, std::span<const std::byte> code) {
    constexpr std::byte kMovEax{0xb8};
    if (code.size() == kCallSiteBytes && code[0] == kMovEax) {
        uint32_t number = 0;
        std::memcpy(&number, code.data() + 1, sizeof number);
        return number;
    }
    constexpr uint64_t kSmall = 4096;  // less than any address: a clock, a command, a count
    if (registers.rdi < kSmall)
        return SYS_clock_nanosleep;
    if (registers.rsi == 0 || registers.rsi >= kSmall)
        return registers.r10 >= kSmall && (registers.rsi & 0x7f) <= 13 ? SYS_futex : SYS_nanosleep;
    bool has_timeout = registers.r10 >= kSmall;
    return has_timeout && (registers.rsi & 0x7f) <= 13 ? SYS_futex : SYS_poll;
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
