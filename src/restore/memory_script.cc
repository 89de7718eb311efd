// See memory_script.h.
#include "restore/memory_script.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include <span>

#include "arch/x86_64/protection_keys.h"
#include "restore/area_flags.h"
#include "restore/policy_script.h"
#include "restore/protection_keys.h"
#include "restore/sysv_shm.h"
#include "restore/vdso_script.h"
#include "sys/proc_maps.h"
#include "sys/uapi_compat.h"

namespace crtool::restore {
namespace {

using image::Area;

constexpr uint64_t kTaskEnd = 0x7ffffffff000;
constexpr uint32_t kReadWrite = PROT_READ | PROT_WRITE;

bool has_flag(const Area& area, sys::VmFlag flag) {
    return sys::VmFlags(area.vm_flags()).has(flag);
}

// What decides whether two anonymous areas can be one mmap(2): accounting and reserve belong to the
// mapping, everything else can be changed afterwards.
uint64_t mapping_key(const Area& area) {
    constexpr auto kBits = static_cast<uint64_t>(sys::VmFlag::ac) |
                           static_cast<uint64_t>(sys::VmFlag::nr) |
                           static_cast<uint64_t>(sys::VmFlag::dp);
    return area.vm_flags() & kBits;
}

class PartScript {
  public:
    PartScript(TaskBuild& build, const MemoryPart& part)
        : build_(build), script_(build.script), part_(part) {}

    void emit() {
        drop();
        map();
        bind();
        load();
        protect();
    }

  private:
    const Area& area(const Piece& piece) const {
        return build_.task.mm().areas(static_cast<int>(piece.area));
    }

    void drop();
    void map();
    size_t map_anonymous(size_t first);
    uint32_t map_object(const Piece& piece);
    void bind();
    void load();
    void protect();

    // Protection that a piece has while pages are loaded.
    void set_current(size_t index, uint32_t prot) { current_[index] = prot; }

    TaskBuild& build_;
    parasite::ScriptBuilder& script_;
    const MemoryPart& part_;
    std::vector<uint32_t> current_;
};

void PartScript::drop() {
    for (const Range& range : part_.drops)
        script_.call("drop pages of the parent", SYS_madvise,
                     {range.start, range.end - range.start, MADV_DONTNEED});
}

// Huge pages have a file, of which neighbours are one mapping only where it goes on.
bool extends_group(const Area& area, const Area& before) {
    bool goes_on = area.huge_shift() == 0 ||
                   area.offset() == before.offset() + (before.end() - before.start());
    return area.kind() == Area::ANON && !area.growsdown() && goes_on &&
           area.huge_shift() == before.huge_shift() && mapping_key(area) == mapping_key(before);
}

// Neighbours become one mapping, cut by protect() where they differ. Without accounting (areas that
// were never writable) nothing may be writable even for a moment, or the kernel charges it.
size_t PartScript::map_anonymous(size_t first) {
    const auto& pieces = part_.pieces;
    const Area& head = area(pieces[first]);
    size_t last = first + 1;
    bool loaded = pieces[first].loaded;
    if (!head.growsdown())
        while (last < pieces.size() && !pieces[last].kept &&
               pieces[last].start == pieces[last - 1].end &&
               extends_group(area(pieces[last]), area(pieces[last - 1])))
            loaded |= pieces[last++].loaded;
    bool charged = has_flag(head, sys::VmFlag::ac) || has_flag(head, sys::VmFlag::nr);
    uint32_t prot = loaded || (charged && last > first + 1) ? kReadWrite : built_protection(head);
    int flags = MAP_ANONYMOUS | MAP_FIXED;
    flags |= has_flag(head, sys::VmFlag::dp) ? MAP_DROPPABLE : MAP_PRIVATE;
    if (has_flag(head, sys::VmFlag::nr))
        flags |= MAP_NORESERVE;
    if (head.growsdown())
        flags |= MAP_GROWSDOWN;
    if (head.huge_shift() != 0)
        flags |= MAP_HUGETLB | static_cast<int>(head.huge_shift() << MAP_HUGE_SHIFT);
    script_.call(
        "map anonymous memory", SYS_mmap,
        {pieces[first].start, pieces[last - 1].end - pieces[first].start, prot, flags, -1, 0});
    for (size_t index = first; index < last; index++)
        set_current(index, prot);
    return last;
}

// The protection that the piece has then.
uint32_t PartScript::map_object(const Piece& piece) {
    const Area& self = area(piece);
    if (self.kind() == Area::SHMEM)
        if (const image::SysvShm* segment = segment_of(build_.ctx.image, self.file()))
            return emit_attach(*segment, self, script_);
    const auto& service = build_.ctx.service;
    int fd = self.kind() == Area::SHMEM ? service.contents.at(self.file())
                                        : service.mapped.at(self.file());
    uint32_t prot = built_protection(self) | (piece.loaded ? kReadWrite : 0);
    int flags = MAP_FIXED | (self.shared() ? MAP_SHARED : MAP_PRIVATE);
    if (has_flag(self, sys::VmFlag::nr))
        flags |= MAP_NORESERVE;
    if (self.growsdown())
        flags |= MAP_GROWSDOWN;
    uint64_t offset = self.offset() + (piece.start - self.start());
    script_.call(self.kind() == Area::SHMEM ? "map shared memory" : "map a file", SYS_mmap,
                 {piece.start, piece.end - piece.start, prot, flags, fd, offset});
    return prot;
}

void PartScript::map() {
    const auto& pieces = part_.pieces;
    current_.resize(pieces.size());
    for (size_t index = 0; index < pieces.size();) {
        const Piece& piece = pieces[index];
        const Area& self = area(piece);
        if (piece.kept) {
            set_current(index, piece.kept_prot);
            if (piece.loaded && (piece.kept_prot & PROT_WRITE) == 0) {
                script_.call("make an area writable", SYS_mprotect,
                             {piece.start, piece.end - piece.start, kReadWrite});
                set_current(index, kReadWrite);
            }
            index++;
        } else if (self.kind() == Area::ANON) {
            index = map_anonymous(index);
        } else {
            set_current(index, map_object(piece));
            index++;
        }
    }
}

void PartScript::bind() {
    for (const Piece& piece : part_.pieces)
        emit_area_policy(build_, area(piece), piece.start, piece.end);
}

void PartScript::load() {
    if (part_.loads.empty())
        return;
    uint64_t segments = script_.arena().put_array(std::span(part_.loads));
    script_.call("load pages", parasite::kLoadPages,
                 {build_.ctx.service.pages, segments, part_.loads.size()});
}

void PartScript::protect() {
    const auto& pieces = part_.pieces;
    for (size_t index = 0; index < pieces.size();) {
        uint32_t prot = built_protection(area(pieces[index]));
        size_t last = index + 1;
        if (prot == current_[index]) {
            index = last;
            continue;
        }
        while (last < pieces.size() && pieces[last].start == pieces[last - 1].end &&
               built_protection(area(pieces[last])) == prot && current_[last] != prot)
            last++;
        script_.call("protect memory", SYS_mprotect,
                     {pieces[index].start, pieces[last - 1].end - pieces[index].start, prot});
        index = last;
    }
}

void unmap(TaskBuild& build, uint64_t start, uint64_t end) {
    if (start < end)
        build.script.call("unmap memory", SYS_munmap, {start, end - start});
}

const TaskMemory& plan_of(const TaskBuild& build) {
    return build.ctx.memory.tasks[build.plan().task];
}

}  // namespace

void emit_discard_all(TaskBuild& build) {
    const parasite::Arena& arena = build.ctx.arena;
    build.script.about("memory");
    unmap(build, 0, arena.task_address());
    unmap(build, arena.task_address() + arena.size(), kTaskEnd);
}

void emit_discard(TaskBuild& build) {
    const TaskMemory& memory = plan_of(build);
    if (memory.discard_all)
        return emit_discard_all(build);
    build.script.about("memory");
    for (const Range& range : memory.discard)
        unmap(build, range.start, range.end);
}

void emit_memory_before(TaskBuild& build) {
    build.script.about("memory");
    PartScript(build, plan_of(build).before).emit();
}

void emit_memory_after(TaskBuild& build) {
    build.script.about("memory");
    emit_vdso(build);
    PartScript(build, plan_of(build).after).emit();
    emit_area_advice(build);
    emit_protection_keys(build.task.mm(), arch::has_protection_keys(), build.script);
}

void emit_memory_locks(TaskBuild& build) {
    build.script.about("memory");
    emit_area_locks(build);
}

}  // namespace crtool::restore
