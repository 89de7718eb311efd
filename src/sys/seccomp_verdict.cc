// See seccomp_verdict.h.
#include "sys/seccomp_verdict.h"

#include <array>
#include <cstring>
#include <optional>

#include "arch/x86_64/kernel_probes.h"

namespace crtool::sys {
namespace {

struct Machine {
    uint32_t a = 0, x = 0;
    std::array<uint32_t, BPF_MEMWORDS> memory{};
};

std::optional<uint32_t> loaded(const Machine& machine, const sock_filter& op,
                               const seccomp_data& call) {
    switch (BPF_MODE(op.code)) {
        case BPF_IMM:
            return op.k;
        case BPF_LEN:
            return sizeof call;
        case BPF_MEM:
            if (op.k >= machine.memory.size())
                return std::nullopt;
            return machine.memory[op.k];
        case BPF_ABS: {
            uint32_t word = 0;
            if (op.k % sizeof word != 0 || op.k > sizeof call - sizeof word)
                return std::nullopt;
            std::memcpy(&word, reinterpret_cast<const char*>(&call) + op.k, sizeof word);
            return word;
        }
        default:
            return std::nullopt;
    }
}

std::optional<uint32_t> computed(uint32_t a, uint32_t operand, uint16_t code) {
    switch (BPF_OP(code)) {
        case BPF_ADD:
            return a + operand;
        case BPF_SUB:
            return a - operand;
        case BPF_MUL:
            return a * operand;
        case BPF_DIV:
            return operand == 0 ? 0 : a / operand;
        case BPF_AND:
            return a & operand;
        case BPF_OR:
            return a | operand;
        case BPF_XOR:
            return a ^ operand;
        case BPF_LSH:
            return a << (operand & 31);
        case BPF_RSH:
            return a >> (operand & 31);
        case BPF_NEG:
            return -a;
        default:
            return std::nullopt;
    }
}

bool jumps(uint32_t a, uint32_t operand, uint16_t code) {
    switch (BPF_OP(code)) {
        case BPF_JEQ:
            return a == operand;
        case BPF_JGT:
            return a > operand;
        case BPF_JGE:
            return a >= operand;
        default:
            return (a & operand) != 0;
    }
}

// False: no instruction of a filter.
bool step(Machine& machine, const sock_filter& op, const seccomp_data& call) {
    uint32_t operand = BPF_SRC(op.code) == BPF_X ? machine.x : op.k;
    switch (BPF_CLASS(op.code)) {
        case BPF_LD:
        case BPF_LDX: {
            std::optional<uint32_t> value = loaded(machine, op, call);
            (BPF_CLASS(op.code) == BPF_LD ? machine.a : machine.x) = value.value_or(0);
            return value.has_value();
        }
        case BPF_ST:
        case BPF_STX:
            if (op.k >= machine.memory.size())
                return false;
            machine.memory[op.k] = BPF_CLASS(op.code) == BPF_ST ? machine.a : machine.x;
            return true;
        case BPF_ALU: {
            std::optional<uint32_t> value = computed(machine.a, operand, op.code);
            machine.a = value.value_or(0);
            return value.has_value();
        }
        case BPF_MISC:
            (BPF_MISCOP(op.code) == BPF_TAX ? machine.x : machine.a) =
                BPF_MISCOP(op.code) == BPF_TAX ? machine.a : machine.x;
            return true;
        default:
            return false;
    }
}

}  // namespace

uint32_t seccomp_verdict(std::span<const sock_filter> program, const seccomp_data& call) {
    Machine machine;
    // Jumps lead forward only: it ends.
    for (size_t at = 0; at < program.size(); at++) {
        const sock_filter& op = program[at];
        uint32_t operand = BPF_SRC(op.code) == BPF_X ? machine.x : op.k;
        if (BPF_CLASS(op.code) == BPF_RET)
            return BPF_RVAL(op.code) == BPF_A ? machine.a : op.k;
        if (BPF_CLASS(op.code) == BPF_JMP)
            at += BPF_OP(op.code) == BPF_JA            ? op.k
                  : jumps(machine.a, operand, op.code) ? op.jt
                                                       : op.jf;
        else if (!step(machine, op, call))
            break;
    }
    return SECCOMP_RET_KILL_PROCESS;
}

bool seccomp_allows(std::span<const sock_filter> program, int number) {
    seccomp_data call = {};
    call.nr = number;
    call.arch = arch::kAuditArch;
    uint32_t action = seccomp_verdict(program, call) & SECCOMP_RET_ACTION_FULL;
    return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

}  // namespace crtool::sys
