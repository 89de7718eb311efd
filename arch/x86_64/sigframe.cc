// See sigframe.h.
#include "arch/x86_64/sigframe.h"

#include <cstddef>
#include <cstring>
#include <span>

#include "arch/x86_64/restart.h"

namespace crtool::arch {
namespace {

constexpr uint32_t kMagic1 = 0x46505853;  // FP_XSTATE_MAGIC1
constexpr uint32_t kMagic2 = 0x46505845;  // FP_XSTATE_MAGIC2
constexpr uint64_t kSwReserved = 464;     // software bytes within the legacy area

constexpr uint64_t kUcFpXstate = 1;
constexpr uint64_t kUcSigcontextSs = 2;
constexpr uint64_t kUcStrictRestoreSs = 4;

struct SigContext {
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip;
    uint64_t eflags;
    uint16_t cs, gs, fs, ss;
    uint64_t err, trapno, oldmask, cr2, fpstate, reserved[8];
};

static_assert(sizeof(SigContext) == 256);

struct UContext {
    uint64_t flags, link;
    uint64_t stack_sp;
    uint32_t stack_flags, pad;
    uint64_t stack_size;
    SigContext context;
    uint64_t sigmask;
};

struct SoftwareBytes {
    uint32_t magic1, extended_size;
    uint64_t xfeatures;
    uint32_t xstate_size, padding[7];
};

static_assert(kFramePointer == offsetof(UContext, context) + offsetof(SigContext, fpstate));
static_assert(kFrameXstate == (sizeof(UContext) + 63) / 64 * 64);

SigContext context_of(const user_regs_struct& r, uint64_t fpstate) {
    SigContext c = {};
    c.r8 = r.r8, c.r9 = r.r9, c.r10 = r.r10, c.r11 = r.r11;
    c.r12 = r.r12, c.r13 = r.r13, c.r14 = r.r14, c.r15 = r.r15;
    c.rdi = r.rdi, c.rsi = r.rsi, c.rbp = r.rbp, c.rbx = r.rbx;
    c.rdx = r.rdx, c.rax = r.rax, c.rcx = r.rcx, c.rsp = r.rsp, c.rip = r.rip;
    c.eflags = r.eflags;
    c.cs = static_cast<uint16_t>(r.cs);
    c.ss = static_cast<uint16_t>(r.ss);
    c.fpstate = fpstate;
    return c;
}

// With the kernel's software bytes and its end magic.
void put_xstate(std::span<char> area, std::string_view xstate) {
    std::memcpy(area.data(), xstate.data(), xstate.size());
    // The regset keeps the enabled components (XCR0) in the first software word.
    SoftwareBytes software = {};
    software.magic1 = kMagic1;
    software.extended_size = static_cast<uint32_t>(xstate.size() + sizeof kMagic2);
    std::memcpy(&software.xfeatures, xstate.data() + kSwReserved, sizeof software.xfeatures);
    software.xstate_size = static_cast<uint32_t>(xstate.size());
    std::memcpy(area.data() + kSwReserved, &software, sizeof software);
    std::memcpy(area.data() + xstate.size(), &kMagic2, sizeof kMagic2);
}

}  // namespace

uint64_t sigframe_size(uint64_t xstate_bytes) {
    if (xstate_bytes == 0)
        return kFrameXstate;
    return kFrameXstate + xstate_bytes + sizeof kMagic2;
}

std::string make_sigframe(uint64_t address, const user_regs_struct& registers,
                          std::string_view xstate, uint64_t sigmask) {
    UContext head = {};
    head.flags = kUcSigcontextSs | kUcStrictRestoreSs | (xstate.empty() ? 0 : kUcFpXstate);
    head.context = context_of(with_restart(registers), xstate.empty() ? 0 : address + kFrameXstate);
    head.sigmask = sigmask;

    std::string frame(sigframe_size(xstate.size()), '\0');
    std::memcpy(frame.data(), &head, sizeof head);
    if (!xstate.empty())
        put_xstate(std::span(frame).subspan(kFrameXstate), xstate);
    return frame;
}

}  // namespace crtool::arch
