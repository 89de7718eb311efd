// See restart.h.
#include "arch/x86_64/restart.h"

namespace crtool::arch {
namespace {

constexpr long kRestartSys = -512;
constexpr long kRestartNoIntr = -513;
constexpr long kRestartNoHand = -514;
constexpr long kRestartBlock = -516;
constexpr unsigned kSyscallBytes = 2;

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

user_regs_struct with_restart(user_regs_struct registers) {
    if (interrupted(registers) != Interrupted::no) {
        registers.rax = registers.orig_rax;
        registers.rip -= kSyscallBytes;
    }
    registers.orig_rax = static_cast<unsigned long long>(-1);
    return registers;
}

}  // namespace crtool::arch
