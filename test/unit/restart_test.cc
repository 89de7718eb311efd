// Registers of interrupted system calls.
#include "arch/x86_64/restart.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>
#include <cstring>

using namespace crtool;

namespace {

constexpr unsigned long long kBehind = 0x401002;  // the instruction after `syscall`
constexpr unsigned long long kPointer = 0x7ffe00001000;
constexpr long kRestartSys = -512;
constexpr long kRestartNoHand = -514;
constexpr long kRestartBlock = -516;

user_regs_struct inside(long call, long result) {
    user_regs_struct registers{};
    registers.orig_rax = static_cast<unsigned long long>(call);
    registers.rax = static_cast<unsigned long long>(result);
    registers.rip = kBehind;
    return registers;
}

long result(const user_regs_struct& registers) {
    return static_cast<long>(registers.rax);
}

}  // namespace

TEST_CASE("restart: an interrupted call is made again past the kernel") {
    user_regs_struct again = arch::with_restart(inside(SYS_poll, kRestartNoHand));
    CHECK(again.rax == SYS_poll);
    CHECK(again.rip == kBehind - 2);
    CHECK(again.orig_rax == ~0ULL);
    CHECK(arch::with_restart(inside(SYS_read, 5)).rax == 5);
    CHECK(arch::with_restart(inside(SYS_read, 5)).rip == kBehind);
    CHECK(arch::with_restart(inside(-1, kRestartNoHand)).rip == kBehind);
}

TEST_CASE("restart: a wait that any stop ends is left to the kernel") {
    CHECK(result(arch::with_restart_unless_handled(inside(SYS_epoll_wait, -EINTR))) ==
          kRestartNoHand);
    CHECK(result(arch::with_restart_unless_handled(inside(SYS_write, -EINTR))) == -EINTR);
    CHECK(result(arch::with_restart_unless_handled(inside(SYS_epoll_wait, 1))) == 1);
    CHECK(result(arch::with_restart_unless_handled(inside(-1, -EINTR))) == -EINTR);
}

TEST_CASE("restart: without its restart block a call starts anew") {
    CHECK(result(arch::without_restart_block(inside(SYS_nanosleep, kRestartBlock))) ==
          kRestartNoHand);
    CHECK(result(arch::without_restart_block(inside(SYS_read, kRestartSys))) == kRestartSys);
    CHECK(result(arch::without_restart_block(inside(-1, kRestartBlock))) == kRestartBlock);
}

TEST_CASE("restart: restart_syscall becomes the call that its arguments are of") {
    auto call = [](const user_regs_struct& registers) {
        return arch::with_own_call(registers, {}).orig_rax;
    };
    user_regs_struct registers = inside(SYS_restart_syscall, kRestartBlock);
    CHECK(arch::is_restarting(registers));
    registers.rdi = kPointer;
    registers.rsi = kPointer;
    CHECK(call(registers) == SYS_nanosleep);
    registers.rsi = FUTEX_WAIT | FUTEX_PRIVATE_FLAG;
    registers.r10 = kPointer;
    CHECK(call(registers) == SYS_futex);
    registers.rsi = 3;
    registers.r10 = 0;
    CHECK(call(registers) == SYS_poll);
    registers = inside(SYS_restart_syscall, kRestartBlock);
    registers.rdx = kPointer;
    CHECK(call(registers) == SYS_clock_nanosleep);
}

TEST_CASE("restart: a wait that is about to be resumed is one that was interrupted") {
    std::array code = {std::byte{0xb8}, std::byte{SYS_poll}, std::byte{0},   std::byte{0},
                       std::byte{0},    std::byte{0x0f},     std::byte{0x05}};
    user_regs_struct registers = inside(SYS_nanosleep, SYS_restart_syscall);
    registers.rip = kPointer;
    CHECK(arch::is_about_to_resume(registers));
    user_regs_struct told = arch::as_interrupted(registers, code);
    CHECK(told.orig_rax == SYS_nanosleep);
    CHECK(result(told) == kRestartBlock);
    CHECK(told.rip == kPointer + arch::kSyscallBytes);
    registers.orig_rax = static_cast<unsigned long long>(-1);
    CHECK(arch::as_interrupted(registers, code).orig_rax == SYS_poll);
    code.back() = std::byte{0};
    CHECK(arch::as_interrupted(registers, code).rip == kPointer);
}

TEST_CASE("restart: restart_syscall becomes the call that stands in the code") {
    std::array<std::byte, arch::kCallSiteBytes> code{std::byte{0xb8}};
    uint32_t number = SYS_poll;
    std::memcpy(code.data() + 1, &number, sizeof number);
    CHECK(arch::with_own_call(inside(SYS_restart_syscall, kRestartBlock), code).orig_rax ==
          SYS_poll);
}
