// See foothold.h.
#include "dump/foothold.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/error.h"

namespace crtool::dump {
namespace {

using arch::BorrowedCode;

constexpr uint64_t kPiece = uint64_t{64} * 1024;
// The end of what a task can map without asking for more (5-level page tables).
constexpr uint64_t kTaskEnd = 0x7ffffffff000;

bool complete(const BorrowedCode& found) {
    return found.syscall != BorrowedCode::kNotFound &&
           found.syscall_ret != BorrowedCode::kNotFound &&
           found.sigreturn != BorrowedCode::kNotFound;
}

bool is_text(const sys::Area& area) {
    return area.flags.has(sys::VmFlag::ex) && area.flags.has(sys::VmFlag::rd);
}

// A text that the file is too short for cannot be read to its end (mmap(2): SIGBUS).
BorrowedCode read_text(pid_t tid, const sys::Area& area) {
    BorrowedCode found;
    std::vector<std::byte> piece(kPiece);
    for (uint64_t at = area.start; at < area.end && !complete(found);
         at += kPiece - arch::kBorrowedOverlap) {
        auto text = std::span(piece).first(std::min(kPiece, area.end - at));
        try {
            tracee::read_memory(tid, at, text);
        } catch (const Error&) {
            break;
        }
        arch::find_borrowed(text, at, found);
    }
    return found;
}

void shift(BorrowedCode& code, uint64_t by) {
    for (uint64_t* at : {&code.syscall, &code.syscall_ret, &code.sigreturn})
        if (*at != BorrowedCode::kNotFound)
            *at += by;
}

// A debugger or the program itself may have changed its copy.
bool is_still(pid_t tid, uint64_t at, bool (*instruction)(std::span<const std::byte>)) {
    std::array<std::byte, arch::kBorrowedOverlap + 1> code{};
    if (at == BorrowedCode::kNotFound)
        return true;
    try {
        tracee::read_memory(tid, at, code);
    } catch (const Error&) {
        return false;
    }
    return instruction(code);
}

tracee::StackRoom room_of(const tracee::ThreadState& thread, const std::vector<sys::Area>& areas) {
    auto above = std::ranges::upper_bound(areas, thread.registers.rsp - 1, {}, &sys::Area::start);
    if (above == areas.begin())
        return {};
    const sys::Area& area = *std::prev(above);
    constexpr int kReadWrite = PROT_READ | PROT_WRITE;
    if (thread.registers.rsp > area.end || (area.prot & kReadWrite) != kReadWrite || area.shared)
        return {};
    const sys::Area* below = &area == &areas.front() ? nullptr : &area - 1;
    bool guarded = below != nullptr && below->end == area.start && below->prot == PROT_NONE;
    return {.start = area.start,
            .certain = area.name == "[stack]" || (guarded && !area.has_file())};
}

}  // namespace

Footholds::Footholds(const std::vector<TaskProbe>& tasks) {
    for (const TaskProbe& task : tasks)
        by_pid_.emplace(task.pid(), &task);
}

const TaskProbe& Footholds::owner_of_memory(const TaskProbe& task) const {
    uint32_t owner = task.record.shares_vm();
    return owner == 0 ? task : *by_pid_.at(static_cast<pid_t>(owner));
}

void Footholds::search(const sys::Area& area, pid_t tid, BorrowedCode& found) {
    Text text(area.dev_major, area.dev_minor, area.inode, area.offset, area.size());
    auto known = texts_.find(text);
    if (known == texts_.end() || !area.has_file()) {
        BorrowedCode offsets = read_text(tid, area);
        shift(offsets, -area.start);
        known = texts_.insert_or_assign(text, offsets).first;
    }
    BorrowedCode here = known->second;
    shift(here, area.start);
    if (!is_still(tid, here.syscall_ret, arch::is_syscall_ret) ||
        !is_still(tid, here.sigreturn, arch::is_sigreturn))
        here = read_text(tid, area);
    for (auto member :
         {&BorrowedCode::syscall, &BorrowedCode::syscall_ret, &BorrowedCode::sigreturn})
        if (found.*member == BorrowedCode::kNotFound)
            found.*member = here.*member;
}

// The vdso is where every task has a `syscall`; the rest is in the dynamic loader, which is small,
// and in the C library.
BorrowedCode Footholds::borrow(const TaskProbe& task, const std::vector<sys::Area>& areas) {
    std::vector<const sys::Area*> texts;
    for (const sys::Area& area : areas)
        if (is_text(area))
            texts.push_back(&area);
    std::ranges::sort(texts, {}, [](const sys::Area* area) {
        return std::pair(area->name != "[vdso]", area->size());
    });
    BorrowedCode found;
    for (const sys::Area* area : texts)
        if (!complete(found))
            search(*area, task.threads.front().tid, found);
    if (found.syscall == BorrowedCode::kNotFound)
        fail(Errc::unsupported, "task {} has no system call instruction to borrow", task.pid());
    return found;
}

// The highest that there is, directly below an area, as the kernel itself would map
// (arch_get_unmapped_area_topdown); but well away from an area that grows down.
uint64_t Footholds::take_room(const TaskProbe& owner, uint64_t bytes) {
    auto limit = taken_.try_emplace(owner.pid(), kTaskEnd).first;
    for (size_t i = owner.areas.size(); i > 1; i--) {
        const sys::Area& above = owner.areas[i - 1];
        const sys::Area& below = owner.areas[i - 2];
        if (above.start > kTaskEnd)
            continue;
        uint64_t end = above.start;
        if (above.flags.has(sys::VmFlag::gd))
            end -= (end - below.end) / 2 / parasite::kPageBytes * parasite::kPageBytes;
        end = std::min(end, limit->second);
        if (end >= below.end + bytes)
            return limit->second = end - bytes;
    }
    fail(Errc::unsupported, "task {} has no {} bytes of free addresses", owner.pid(), bytes);
}

tracee::Foothold Footholds::of(const TaskProbe& task, uint64_t bytes) {
    const TaskProbe& owner = owner_of_memory(task);
    tracee::Foothold foothold{
        .code = borrow(task, owner.areas), .free_address = take_room(owner, bytes), .rooms = {}};
    for (const tracee::ThreadState& thread : task.threads)
        foothold.rooms.push_back(room_of(thread, owner.areas));
    return foothold;
}

}  // namespace crtool::dump
