// See clone_into.h. The system call keeps all registers but rax, rcx and r11, in the child as well.
#include "arch/x86_64/clone_into.h"

#include <sys/syscall.h>

namespace crtool::arch {

int64_t clone_into(const void* clone_args, uint64_t size, uint64_t entry, uint64_t argument) {
    int64_t result = SYS_clone3;
    register uint64_t to asm("r12") = entry;
    register uint64_t with asm("r13") = argument;
    asm volatile(
        "syscall\n\t"
        "testq %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xorl %%ebp, %%ebp\n\t"
        "movq %%r13, %%rdi\n\t"
        "jmpq *%%r12\n"
        "1:"
        : "+a"(result)
        : "D"(clone_args), "S"(size), "r"(to), "r"(with)
        : "rcx", "r11", "memory");
    return result;
}

}  // namespace crtool::arch
