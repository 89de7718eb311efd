// See areas.h.
#include "dump/areas.h"

#include <fmt/format.h>

#include <bit>
#include <optional>
#include <string>
#include <string_view>

#include "dump/refused_kinds.h"

namespace crtool::dump {
namespace {

struct RefusedFlag {
    sys::VmFlag flag;
    Refusal refusal;
};

constexpr std::string_view kUnmapIt = "let the program unmap it before the dump";
constexpr Refusal kUserfaultfd = {"is registered with a userfaultfd, which cannot be carried",
                                  "let the program unregister it before the dump"};

// Properties of an area that the restore has no means for.
constexpr RefusedFlag kRefusedFlags[] = {
    {sys::VmFlag::um, kUserfaultfd},
    {sys::VmFlag::uw, kUserfaultfd},
    {sys::VmFlag::ui, kUserfaultfd},
    {sys::VmFlag::ss,
     {"is a shadow stack, which is not carried yet",
      "start the program with GLIBC_TUNABLES=glibc.cpu.x86_shstk=off"}},
    {sys::VmFlag::sf,
     {"is mapped with MAP_SYNC (persistent memory), which is not carried", kUnmapIt}},
};

constexpr std::string_view kRefusedNames[] = {"/[aio]", "/secretmem", "anon_inode:"};

image::Area::Kind special_kind(const sys::Area& area) {
    if (area.name == "[vdso]")
        return image::Area::VDSO;
    if (area.name.starts_with("[vvar"))
        return image::Area::VVAR;
    if (area.name == "[vsyscall]")
        return image::Area::VSYSCALL;
    return image::Area::ANON;
}

std::optional<Refusal> refusal_of_area(const sys::Area& area, image::Area::Kind kind) {
    for (const RefusedFlag& refused : kRefusedFlags)
        if (area.flags.has(refused.flag))
            return refused.refusal;
    for (std::string_view name : kRefusedNames)
        if (area.name.starts_with(name))
            return refusal_of(area.name, 0);
    bool device = area.flags.has(sys::VmFlag::io) || area.flags.has(sys::VmFlag::pf);
    if (device && kind == image::Area::ANON)
        return Refusal{"maps a device, whose memory cannot be carried", kUnmapIt};
    if (area.pkey != 0 && kind != image::Area::ANON)
        return Refusal{"is the kernel's, with a protection key, which is not carried",
                       "let the program give it the default key before the dump"};
    return std::nullopt;
}

// Of the kernel's own hugetlbfs, where each such area has a file to itself; a new one will do.
bool is_private_huge(const sys::Area& area) {
    return area.flags.has(sys::VmFlag::ht) && !area.shared && area.name == "/anon_hugepage";
}

void record_area(TaskProbe& task, const sys::Area& area, FileTable& files, Problems& problems) {
    image::Area::Kind kind = special_kind(area);
    if (std::optional<Refusal> refusal = refusal_of_area(area, kind)) {
        problems.add(task.pid(),
                     fmt::format("area {:x}-{:x}{}{}", area.start, area.end,
                                 area.name.empty() ? "" : " ", area.name),
                     std::string(refusal->reason), std::string(refusal->way_out));
        return;
    }
    image::Area& record = *task.record.mutable_mm()->add_areas();
    record.set_start(area.start);
    record.set_end(area.end);
    record.set_prot(static_cast<uint32_t>(area.prot));
    record.set_shared(area.shared);
    record.set_kind(kind);
    record.set_offset(area.offset);
    record.set_vm_flags(area.flags.bits());
    record.set_name(area.name);
    record.set_pkey(area.pkey);
    record.set_growsdown(area.flags.has(sys::VmFlag::gd));
    if (area.flags.has(sys::VmFlag::ht))
        record.set_huge_shift(static_cast<uint32_t>(std::countr_zero(area.page_size)));
    if (is_private_huge(area))
        return;
    if (kind != image::Area::ANON || !area.has_file())
        return;
    if (area.name.starts_with("socket:[")) {
        files.add_ring(task.pid(), record);
        return;
    }
    FileTable::Mapped mapped = files.add_mapping(task.frozen.proc, area);
    record.set_kind(mapped.kind);
    record.set_file(mapped.file);
}

}  // namespace

void record_areas(TaskProbe& task, FileTable& files, Problems& problems) {
    const sys::TaskStat& stat = task.frozen.stat;
    image::AddressSpace& mm = *task.record.mutable_mm();
    for (const sys::Area& area : task.areas)
        record_area(task, area, files, problems);
    mm.set_start_code(stat.start_code);
    mm.set_end_code(stat.end_code);
    mm.set_start_data(stat.start_data);
    mm.set_end_data(stat.end_data);
    mm.set_start_brk(stat.start_brk);
    mm.set_start_stack(stat.start_stack);
    mm.set_arg_start(stat.arg_start);
    mm.set_arg_end(stat.arg_end);
    mm.set_env_start(stat.env_start);
    mm.set_env_end(stat.env_end);
    mm.set_auxv(task.frozen.proc.read("auxv"));
}

}  // namespace crtool::dump
