// See lifeline.h.
#include "parasite/lifeline.h"

#include <sys/syscall.h>

#include <cstring>
#include <span>

#include "arch/x86_64/flags.h"
#include "arch/x86_64/sigframe.h"
#include "base/error.h"

namespace crtool::parasite {
namespace {

constexpr uint64_t kRedZone = 128;  // System V ABI of x86_64: below rsp, the program's own
constexpr uint64_t kAddressBytes = 8;

// Where a frame of this size lies if what follows it begins at `end`; the word in front of it is
// the address that the frame is reached by.
uint64_t frame_below(uint64_t end, uint64_t size) {
    return (end - size) / arch::kFrameAlignment * arch::kFrameAlignment;
}

uint64_t undo_stack(const Lifeline& lifeline) {
    return frame_below(lifeline.stack, arch::sigframe_size(0)) - kAddressBytes;
}

// There may be guard pages (MADV_GUARD_INSTALL) in the room.
bool can_be_read(pid_t tid, uint64_t address, uint64_t size) {
    std::vector<std::byte> bytes(size);
    try {
        tracee::read_memory(tid, address, bytes);
    } catch (const Error&) {
        return false;
    }
    return true;
}

}  // namespace

Lifeline find_lifeline(const tracee::Foothold& foothold, const tracee::ThreadState& thread,
                       const tracee::StackRoom& room) {
    constexpr uint64_t kNone = arch::BorrowedCode::kNotFound;
    uint64_t frame_size = arch::sigframe_size(thread.xstate.size());
    uint64_t needed = frame_size + arch::sigframe_size(0) +
                      2 * (arch::kFrameAlignment + kAddressBytes) + kRedZone;
    if (room.start == 0 || thread.registers.rsp < room.start + needed ||
        foothold.code.syscall_ret == kNone || foothold.code.sigreturn == kNone)
        return {};
    Lifeline lifeline = {
        .stack = frame_below(thread.registers.rsp - kRedZone, frame_size) - kAddressBytes,
        .syscall_ret = foothold.code.syscall_ret,
        .sigreturn = foothold.code.sigreturn};
    return can_be_read(thread.tid, thread.registers.rsp - needed, needed) ? lifeline : Lifeline{};
}

LaidLifeline::LaidLifeline(const Lifeline& lifeline, const tracee::ThreadState& thread,
                           uint64_t arena, uint64_t arena_size)
    : lifeline_(lifeline), thread_(thread), begin_(undo_stack(lifeline)) {
    tracee::Registers unmap = home();
    unmap.rip = lifeline.syscall_ret;
    unmap.rax = SYS_munmap;
    unmap.rdi = arena;
    unmap.rsi = arena_size;
    uint64_t home_frame = lifeline.stack + kAddressBytes;
    std::string undo = arch::make_sigframe(begin_ + kAddressBytes, unmap, {}, ~0ull);
    std::string home =
        arch::make_sigframe(home_frame, thread.interrupted, thread.xstate, thread.sigmask);
    before_.resize(home_frame + home.size() - begin_);
    std::vector<std::byte> bytes(before_.size());
    std::memcpy(bytes.data(), &lifeline.sigreturn, kAddressBytes);
    std::memcpy(bytes.data() + kAddressBytes, undo.data(), undo.size());
    std::memcpy(bytes.data() + (lifeline.stack - begin_), &lifeline.sigreturn, kAddressBytes);
    std::memcpy(bytes.data() + (home_frame - begin_), home.data(), home.size());
    tracee::read_memory(thread.tid, begin_, before_);
    tracee::write_memory(thread.tid, begin_, bytes);
}

tracee::Registers LaidLifeline::undo() const {
    tracee::Registers registers = home();
    registers.rsp = begin_;
    return registers;
}

tracee::Registers LaidLifeline::home() const {
    tracee::Registers registers = thread_.registers;
    registers.rsp = lifeline_.stack;
    registers.orig_rax = static_cast<unsigned long long>(-1);  // nothing to restart
    registers.eflags = arch::kPlainFlags;
    return registers;
}

tracee::Registers LaidLifeline::go_home() const {
    tracee::Registers registers = home();
    registers.rip = lifeline_.sigreturn;
    registers.rsp = lifeline_.stack + kAddressBytes;
    return registers;
}

void LaidLifeline::take_back() {
    tracee::write_memory(thread_.tid, begin_, before_);
}

}  // namespace crtool::parasite
