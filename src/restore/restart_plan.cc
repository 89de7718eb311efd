// See restart_plan.h.
#include "restore/restart_plan.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "arch/x86_64/restart.h"

namespace crtool::restore {
namespace {

constexpr std::array<long, 12> kNeverRestarted{
    SYS_epoll_wait,    SYS_epoll_pwait,     SYS_epoll_pwait2, SYS_semop,
    SYS_semtimedop,    SYS_msgsnd,          SYS_msgrcv,       SYS_io_getevents,
    SYS_io_pgetevents, SYS_rt_sigtimedwait, SYS_mq_timedsend, SYS_mq_timedreceive};

constexpr unsigned kSyscallBytes = 2;

// No mapping lies below this (vm.mmap_min_addr, where programs are linked to); no clock, futex
// operation or number of descriptors is as great.
constexpr uint64_t kLowestPointer = 0x10000;

bool is_pointer(uint64_t value) {
    return value >= kLowestPointer && value < uint64_t{1} << 47;
}

long first_call(const user_regs_struct& registers) {
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

bool woken_for_nothing(const user_regs_struct& registers) {
    return static_cast<long>(registers.rax) == -EINTR &&
           std::ranges::find(kNeverRestarted, static_cast<long>(registers.orig_rax)) !=
               kNeverRestarted.end();
}

}  // namespace

user_regs_struct with_first_call(user_regs_struct registers) {
    if (registers.orig_rax == SYS_restart_syscall &&
        arch::interrupted(registers) == arch::Interrupted::restart_block)
        registers.orig_rax = static_cast<unsigned long long>(first_call(registers));
    return registers;
}

user_regs_struct plan_restart(user_regs_struct registers) {
    registers = with_first_call(registers);
    if (!woken_for_nothing(registers))
        return arch::with_restart(registers);
    registers.rax = registers.orig_rax;
    registers.rip -= kSyscallBytes;
    registers.orig_rax = static_cast<unsigned long long>(-1);
    return registers;
}

}  // namespace crtool::restore
