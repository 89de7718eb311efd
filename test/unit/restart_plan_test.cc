// Registers of interrupted system calls, as a restored thread gets them.
#include "restore/restart_plan.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>

using crtool::restore::plan_restart;
using crtool::restore::with_first_call;

namespace {

constexpr unsigned long long kBehind = 0x401002;  // the instruction after `syscall`
constexpr unsigned long long kPointer = 0x7ffe00001000;
constexpr long kRestartNoHand = -514;
constexpr long kRestartBlock = -516;

user_regs_struct inside(long call, long result) {
    user_regs_struct registers{};
    registers.orig_rax = static_cast<unsigned long long>(call);
    registers.rax = static_cast<unsigned long long>(result);
    registers.rip = kBehind;
    return registers;
}

void check_again(const user_regs_struct& registers, long call) {
    CHECK(registers.rax == static_cast<unsigned long long>(call));
    CHECK(registers.rip == kBehind - 2);
    CHECK(registers.orig_rax == ~0ULL);
}

}  // namespace

TEST_CASE("restart_plan: an interrupted call is made again") {
    check_again(plan_restart(inside(SYS_poll, kRestartNoHand)), SYS_poll);
    check_again(plan_restart(inside(SYS_epoll_wait, -EINTR)), SYS_epoll_wait);
}

TEST_CASE("restart_plan: a finished call stays finished") {
    user_regs_struct done = plan_restart(inside(SYS_read, -EINTR));
    CHECK(done.rip == kBehind);
    CHECK(static_cast<long>(done.rax) == -EINTR);
    CHECK(plan_restart(inside(SYS_read, 5)).rax == 5);
    CHECK(plan_restart(inside(-1, kRestartNoHand)).rip == kBehind);
}

TEST_CASE("restart_plan: restart_syscall becomes the call that its arguments are of") {
    user_regs_struct registers = inside(SYS_restart_syscall, kRestartBlock);
    registers.rdi = kPointer;
    registers.rsi = kPointer;
    CHECK(with_first_call(registers).orig_rax == SYS_nanosleep);
    registers.rsi = FUTEX_WAIT | FUTEX_PRIVATE_FLAG;
    registers.r10 = kPointer;
    CHECK(with_first_call(registers).orig_rax == SYS_futex);
    registers.rsi = 3;
    registers.r10 = 0;
    CHECK(with_first_call(registers).orig_rax == SYS_poll);
    registers = inside(SYS_restart_syscall, kRestartBlock);
    registers.rdx = kPointer;
    CHECK(with_first_call(registers).orig_rax == SYS_clock_nanosleep);
    check_again(plan_restart(registers), SYS_clock_nanosleep);
}
