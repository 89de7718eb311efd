// See register_record.h. One list of names for both directions.
#include "arch/x86_64/register_record.h"

#define CRTOOL_REGISTERS(X) \
    X(r15)                  \
    X(r14)                  \
    X(r13)                  \
    X(r12)                  \
    X(rbp)                  \
    X(rbx)                  \
    X(r11)                  \
    X(r10)                  \
    X(r9)                   \
    X(r8)                   \
    X(rax)                  \
    X(rcx)                  \
    X(rdx)                  \
    X(rsi)                  \
    X(rdi)                  \
    X(orig_rax) X(rip) X(cs) X(eflags) X(rsp) X(ss) X(fs_base) X(gs_base) X(ds) X(es) X(fs) X(gs)

namespace crtool::arch {

void to_record(const user_regs_struct& registers, image::Registers& record) {
#define CRTOOL_SET(name) record.set_##name(registers.name);
    CRTOOL_REGISTERS(CRTOOL_SET)
#undef CRTOOL_SET
}

user_regs_struct from_record(const image::Registers& record) {
    user_regs_struct registers{};
#define CRTOOL_GET(name) registers.name = record.name();
    CRTOOL_REGISTERS(CRTOOL_GET)
#undef CRTOOL_GET
    return registers;
}

}  // namespace crtool::arch
