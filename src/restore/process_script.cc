// See process_script.h.
#include "restore/process_script.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <algorithm>

#include "arch/x86_64/amx.h"
#include "arch/x86_64/ldt.h"
#include "restore/creds_script.h"
#include "sys/uapi_compat.h"

namespace crtool::restore {
namespace {

// struct prctl_mm_map (linux/prctl.h).
struct MmMap {
    uint64_t start_code, end_code, start_data, end_data, start_brk, brk, start_stack;
    uint64_t arg_start, arg_end, env_start, env_end;
    uint64_t auxv;
    uint32_t auxv_size;
    int32_t exe_fd;
};

static_assert(sizeof(MmMap) == 104);

void emit_ldt(TaskBuild& build) {
    constexpr uint64_t kWrite = 0x11;  // with all bits of user_desc
    for (const user_desc& entry : arch::ldt_entries(build.task.mm().ldt())) {
        build.script.about("LDT entry", entry.entry_number);
        build.script.call("write it", SYS_modify_ldt,
                          {kWrite, build.script.arena().put(entry), sizeof entry});
    }
}

// While there is but one thread, the kernel need not wait for the other CPUs (membarrier.c).
void emit_membarrier(TaskBuild& build) {
    for (uint32_t bit = 1; bit != 0; bit <<= 1)
        if ((build.task.mm().membarrier() & bit) != 0)
            build.script.call("register for barriers", SYS_membarrier, {bit, 0, 0});
}

}  // namespace

void emit_mm_layout(TaskBuild& build) {
    const image::AddressSpace& mm = build.task.mm();
    parasite::Arena& arena = build.script.arena();
    MmMap map{};
    map.start_code = mm.start_code();
    map.end_code = mm.end_code();
    map.start_data = mm.start_data();
    map.end_data = mm.end_data();
    map.start_brk = mm.start_brk();
    map.brk = mm.brk();
    map.start_stack = mm.start_stack();
    map.arg_start = mm.arg_start();
    map.arg_end = mm.arg_end();
    map.env_start = mm.env_start();
    map.env_end = mm.env_end();
    map.auxv = arena.put_bytes(mm.auxv());
    map.auxv_size = static_cast<uint32_t>(mm.auxv().size());
    // The kernel takes another executable only while nothing of the old one is mapped.
    map.exe_fd = build.ctx.service.mapped.at(build.task.exe());
    build.script.about("memory");
    build.script.call("set the layout of the address space", SYS_prctl,
                      {PR_SET_MM, PR_SET_MM_MAP, arena.put(map), sizeof map, 0});
    emit_ldt(build);
    emit_membarrier(build);
}

void emit_cpu_permissions(TaskBuild& build) {
    if (build.task.amx())
        build.script.call("ask for AMX tiles", SYS_arch_prctl,
                          {arch::kRequestPermission, arch::kTileData});
}

void emit_process_flags(TaskBuild& build) {
    const image::Task& task = build.task;
    parasite::ScriptBuilder& script = build.script;
    script.about("task");
    // Set for the restore in emit_birth: no huge page may bring memory that was not there.
    if (task.shares_vm() == 0 && task.thp_disable() != 1)
        script.call("allow huge pages", SYS_prctl,
                    {PR_SET_THP_DISABLE, task.thp_disable() & 1, task.thp_disable() & ~1U, 0, 0});
    if (task.child_subreaper() || build.plan().subreaper)
        script.call("set the subreaper flag", SYS_prctl,
                    {PR_SET_CHILD_SUBREAPER, task.child_subreaper() ? 1 : 0, 0, 0, 0});
    if (task.io_flusher())
        script.call("set the I/O flusher flag", SYS_prctl, {PR_SET_IO_FLUSHER, 1, 0, 0, 0});
    if (task.shares_vm() == 0 && !needs_late_dumpable(build.ctx.own, task))
        emit_dumpable(build);
    if (task.mdwe() != 0)
        script.call("set memory-deny-write-execute", SYS_prctl,
                    {PR_SET_MDWE, task.mdwe(), 0, 0, 0});
}

void emit_limits(TaskBuild& build) {
    for (int which = 0; which < build.task.limits_size(); which++) {
        const image::Limit& limit = build.task.limits(which);
        uint64_t value = build.script.arena().put(rlimit64{limit.soft(), limit.hard()});
        build.script.about("resource limit", which);
        build.script.call("set it", SYS_prlimit64, {0, which, value, 0});
    }
}

void emit_dumpable(TaskBuild& build) {
    // 2 ("readable by root") comes from credentials and cannot be asked for (prctl(2)).
    if (build.task.dumpable() <= 1)
        build.script.call("set the dumpable flag", SYS_prctl,
                          {PR_SET_DUMPABLE, build.task.dumpable(), 0, 0, 0});
}

bool needs_late_dumpable(const OwnState& own, const image::Task& task) {
    return task.shares_vm() == 0 && task.dumpable() <= 1 &&
           std::ranges::any_of(task.threads(), [&](const image::Thread& thread) {
               return creds_differ(own, thread.creds());
           });
}

}  // namespace crtool::restore
