// See area_flags.h.
#include "restore/area_flags.h"

#include <linux/mman.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "sys/proc_maps.h"
#include "sys/uapi_compat.h"

namespace crtool::restore {
namespace {

using image::Area;
using sys::VmFlag;

struct Advice {
    VmFlag flag;
    int advice;
    const char* what;
};

constexpr Advice kAdvices[] = {
    {VmFlag::dc, MADV_DONTFORK, "madvise(MADV_DONTFORK)"},
    {VmFlag::wf, MADV_WIPEONFORK, "madvise(MADV_WIPEONFORK)"},
    {VmFlag::dd, MADV_DONTDUMP, "madvise(MADV_DONTDUMP)"},
    {VmFlag::mg, MADV_MERGEABLE, "madvise(MADV_MERGEABLE)"},
    {VmFlag::hg, MADV_HUGEPAGE, "madvise(MADV_HUGEPAGE)"},
    {VmFlag::nh, MADV_NOHUGEPAGE, "madvise(MADV_NOHUGEPAGE)"},
    {VmFlag::sr, MADV_SEQUENTIAL, "madvise(MADV_SEQUENTIAL)"},
    {VmFlag::rr, MADV_RANDOM, "madvise(MADV_RANDOM)"},
};

bool is_special(const Area& area) {
    return area.kind() == Area::VDSO || area.kind() == Area::VVAR || area.kind() == Area::VSYSCALL;
}

bool has(const Area& area, VmFlag flag) {
    return !is_special(area) && sys::VmFlags(area.vm_flags()).has(flag);
}

// Calls `act(start, end)` for each longest stretch of neighbouring areas for which `wanted` holds.
template <typename Wanted, typename Act>
void for_stretches(const image::AddressSpace& mm, Wanted wanted, Act act) {
    uint64_t start = 0;
    uint64_t end = 0;
    for (const Area& area : mm.areas()) {
        if (!wanted(area))
            continue;
        if (area.start() != end) {
            if (start != end)
                act(start, end);
            start = area.start();
        }
        end = area.end();
    }
    if (start != end)
        act(start, end);
}

// An area that file descriptors or drivers mark by themselves (a mapped device) has flags that
// cannot be set; those that matter are there already.
void emit_advice(TaskBuild& build, const Advice& advice) {
    for_stretches(
        build.task.mm(), [&](const Area& area) { return has(area, advice.flag); },
        [&](uint64_t start, uint64_t end) {
            build.script.call(advice.what, SYS_madvise, {start, end - start, advice.advice});
        });
}

// The kernel marks all areas that may be merged; those that were not are taken out again.
void emit_memory_merge(TaskBuild& build) {
    build.script.call("allow to merge its memory", SYS_prctl, {PR_SET_MEMORY_MERGE, 1, 0, 0, 0});
    for_stretches(
        build.task.mm(),
        [](const Area& area) { return !is_special(area) && !has(area, VmFlag::mg); },
        [&](uint64_t start, uint64_t end) {
            build.script.call("madvise(MADV_UNMERGEABLE)", SYS_madvise,
                              {start, end - start, MADV_UNMERGEABLE});
        });
}

void emit_guards(TaskBuild& build, const image::PageIndex& index) {
    for (const image::PageRun& run : index.runs())
        if (run.from() == image::PageRun::GUARD)
            build.script.call(
                "install guard pages", SYS_madvise,
                {run.address(), run.pages() * parasite::kPageBytes, MADV_GUARD_INSTALL});
}

// mlock(2) of memory that cannot be read marks it locked and then says ENOMEM.
void emit_mlock(TaskBuild& build, bool on_fault) {
    for_stretches(
        build.task.mm(),
        [&](const Area& area) {
            return has(area, VmFlag::lo) && has(area, VmFlag::lf) == on_fault;
        },
        [&](uint64_t start, uint64_t end) {
            build.script.call("lock memory", SYS_mlock2,
                              {start, end - start, on_fault ? MLOCK_ONFAULT : 0}, parasite::kAny);
        });
}

}  // namespace

void emit_area_advice(TaskBuild& build) {
    if (build.task.mm().memory_merge())
        emit_memory_merge(build);
    uint64_t present = 0;
    for (const Area& area : build.task.mm().areas())
        if (!is_special(area))
            present |= area.vm_flags();
    for (const Advice& advice : kAdvices)
        if ((present & static_cast<uint64_t>(advice.flag)) != 0)
            emit_advice(build, advice);
    auto index = build.ctx.page_indexes.find(build.task.pid());
    if (index != build.ctx.page_indexes.end())
        emit_guards(build, *index->second);
}

void emit_area_locks(TaskBuild& build) {
    emit_mlock(build, false);
    emit_mlock(build, true);
    uint32_t future = build.task.mm().def_flags_mlock();
    if (future != 0)
        build.script.call("lock future memory", SYS_mlockall, {future});
    for_stretches(
        build.task.mm(), [](const Area& area) { return has(area, VmFlag::sl); },
        [&](uint64_t start, uint64_t end) {
            build.script.call("seal memory", SYS_mseal, {start, end - start, 0});
        });
}

}  // namespace crtool::restore
