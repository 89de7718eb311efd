// Seccomp filters run over calls: see sys/seccomp_verdict.h.
#include "sys/seccomp_verdict.h"

#include <errno.h>
#include <linux/audit.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <vector>

using crtool::sys::seccomp_allows;
using crtool::sys::seccomp_verdict;

namespace {

using Program = std::vector<sock_filter>;

constexpr uint32_t kNumber = offsetof(seccomp_data, nr);
constexpr uint32_t kArch = offsetof(seccomp_data, arch);

// As a container engine writes it: the machine, then the numbers that are allowed.
Program allow_list(const std::vector<uint32_t>& numbers, uint32_t otherwise) {
    Program program = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kArch),
                       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
                       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
                       BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber)};
    for (uint32_t number : numbers) {
        program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
        program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    program.push_back(BPF_STMT(BPF_RET | BPF_K, otherwise));
    return program;
}

}  // namespace

TEST_CASE("a list of allowed calls allows those") {
    Program program = allow_list({SYS_close, SYS_munmap}, SECCOMP_RET_ERRNO | EPERM);
    CHECK(seccomp_allows(program, SYS_close));
    CHECK(seccomp_allows(program, SYS_munmap));
    CHECK_FALSE(seccomp_allows(program, SYS_socket));
    CHECK(seccomp_verdict(program, {.nr = SYS_socket, .arch = AUDIT_ARCH_X86_64}) ==
          (SECCOMP_RET_ERRNO | EPERM));
    CHECK(seccomp_verdict(program, {.nr = SYS_close, .arch = AUDIT_ARCH_I386}) ==
          SECCOMP_RET_KILL_PROCESS);
}

TEST_CASE("what is only logged is allowed") {
    CHECK(seccomp_allows(allow_list({}, SECCOMP_RET_LOG), SYS_close));
    CHECK_FALSE(seccomp_allows(allow_list({}, SECCOMP_RET_TRACE), SYS_close));
    CHECK_FALSE(seccomp_allows(allow_list({}, SECCOMP_RET_TRAP), SYS_close));
}

TEST_CASE("a filter may compute, and keep words") {
    // (nr * 2 + 1) ^ 1, kept and loaded again, compared with x.
    Program program = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber),
                       BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 1),
                       BPF_STMT(BPF_ALU | BPF_OR | BPF_K, 1),
                       BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 1),
                       BPF_STMT(BPF_ST, 3),
                       BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, 2 * SYS_munmap),
                       BPF_STMT(BPF_LD | BPF_W | BPF_IMM, 0),
                       BPF_STMT(BPF_LD | BPF_W | BPF_MEM, 3),
                       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
                       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                       BPF_STMT(BPF_MISC | BPF_TXA, 0),
                       BPF_STMT(BPF_RET | BPF_A, 0)};
    CHECK(seccomp_allows(program, SYS_munmap));
    CHECK(seccomp_verdict(program, {.nr = SYS_close}) == 2 * SYS_munmap);
}

TEST_CASE("arguments and the length are seen") {
    Program program = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[1]) + 4),
                       BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
                       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                       BPF_STMT(BPF_MISC | BPF_TAX, 0),
                       BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
                       BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0),
                       BPF_STMT(BPF_RET | BPF_A, 0)};
    seccomp_data call = {};
    call.args[1] = uint64_t{60} << 32;
    CHECK(seccomp_verdict(program, call) == sizeof(seccomp_data) - 60);
}

TEST_CASE("what is no filter kills") {
    CHECK(seccomp_verdict({}, {}) == SECCOMP_RET_KILL_PROCESS);
    for (sock_filter op : {sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2),
                           sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, sizeof(seccomp_data)),
                           sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0),
                           sock_filter BPF_STMT(BPF_ST, BPF_MEMWORDS),
                           sock_filter BPF_STMT(BPF_LDX | BPF_W | BPF_MEM, BPF_MEMWORDS)}) {
        Program program = {op, BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
        CHECK_FALSE(seccomp_allows(program, SYS_close));
    }
    CHECK_FALSE(seccomp_allows(Program{BPF_JUMP(BPF_JMP | BPF_JA, 7, 0, 0)}, SYS_close));
}
