// See restart.h.
#include "arch/x86_64/restart.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace crtool::arch {
namespace {

constexpr long kRestartSys = -512;
constexpr long kRestartNoIntr = -513;
constexpr long kRestartNoHand = -514;
constexpr long kRestartBlock = -516;
constexpr auto kNoCall = static_cast<unsigned long long>(-1);

// Calls that wait and have done nothing yet when they return EINTR: sockets do so when they have a
// timeout (socket(7), SO_RCVTIMEO), read(2) of an inotify descriptor after a stop (signal(7)).
constexpr long kWaitingCalls[] = {
    SYS_read,       SYS_accept,          SYS_accept4,      SYS_recvfrom,      SYS_recvmsg,
    SYS_recvmmsg,   SYS_epoll_wait,      SYS_epoll_pwait,  SYS_epoll_pwait2,  SYS_semop,
    SYS_semtimedop, SYS_rt_sigtimedwait, SYS_io_getevents, SYS_io_pgetevents, SYS_futex,
};

// No mapping lies below this (vm.mmap_min_addr, where programs are linked to); no clock, futex
// operation or number of descriptors is as great.
constexpr uint64_t kLowestPointer = 0x10000;

bool is_pointer(uint64_t value) {
    return value >= kLowestPointer && value < uint64_t{1} << 47;
}

// Only four calls leave a restart block: nanosleep, clock_nanosleep, futex and poll.
long call_of_arguments(const user_regs_struct& registers) {
    // clock_nanosleep(clock, flags, request, remain); poll(nullptr, 0, milliseconds).
    if (!is_pointer(registers.rdi))
        return is_pointer(registers.rdx) ? SYS_clock_nanosleep : SYS_poll;
    // nanosleep(request, remain).
    if (is_pointer(registers.rsi) || registers.rsi == 0)
        return SYS_nanosleep;
    // futex(word, operation, value, timeout): FUTEX_WAIT, FUTEX_WAIT_BITSET and their flags.
    uint64_t operation = registers.rsi & FUTEX_CMD_MASK;
    bool waits = operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET;
    return waits && is_pointer(registers.r10) ? SYS_futex : SYS_poll;
}

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

user_regs_struct with_own_call(user_regs_struct registers, std::span<const std::byte> code) {
    constexpr std::byte kMovEax{0xb8};
    uint32_t number = 0;
    if (code.size() == kCallSiteBytes && code[0] == kMovEax)
        std::memcpy(&number, code.data() + 1, sizeof number);
    else
        number = static_cast<uint32_t>(call_of_arguments(registers));
    registers.orig_rax = number;
    return registers;
}

bool is_about_to_resume(const user_regs_struct& registers) {
    return registers.rax == SYS_restart_syscall;
}

user_regs_struct as_interrupted(user_regs_struct registers, std::span<const std::byte> code) {
    constexpr std::array kSyscall = {std::byte{0x0f}, std::byte{0x05}};
    if (code.size() != kCallSiteBytes || !std::ranges::equal(code.last(kSyscallBytes), kSyscall))
        return registers;
    registers.rip += kSyscallBytes;
    registers.rax = static_cast<unsigned long long>(kRestartBlock);
    bool is_known =
        static_cast<long>(registers.orig_rax) >= 0 && registers.orig_rax != SYS_restart_syscall;
    return is_known ? registers : with_own_call(registers, code);
}

user_regs_struct with_restart_unless_handled(user_regs_struct registers) {
    if (static_cast<long>(registers.rax) == -EINTR &&
        std::ranges::find(kWaitingCalls, static_cast<long>(registers.orig_rax)) !=
            std::end(kWaitingCalls))
        registers.rax = static_cast<unsigned long long>(kRestartNoHand);
    return registers;
}

user_regs_struct without_restart_block(user_regs_struct registers) {
    if (interrupted(registers) == Interrupted::restart_block)
        registers.rax = static_cast<unsigned long long>(kRestartNoHand);
    return registers;
}

user_regs_struct with_restart(user_regs_struct registers) {
    if (interrupted(registers) != Interrupted::no) {
        registers.rax = registers.orig_rax;
        registers.rip -= kSyscallBytes;
    }
    registers.orig_rax = kNoCall;
    return registers;
}

}  // namespace crtool::arch
