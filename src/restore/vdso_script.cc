// See vdso_script.h.
//
// arch_prctl(ARCH_MAP_VDSO_64, address) maps data pages and code as one block at `address`,
// provided that the task has no vdso and the place is free; else it silently takes another place,
// so a second call asks whether the block is where it should be.
#include "restore/vdso_script.h"

#include <asm/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "arch/x86_64/vdso.h"

namespace crtool::restore {
namespace {

void map_own(TaskBuild& build, const VdsoPlace& place) {
    build.script.call("map the vdso", SYS_arch_prctl, {ARCH_MAP_VDSO_64, place.start});
    build.script.call("map the vdso at its address", SYS_mprotect,
                      {place.code, place.end - place.code, PROT_READ | PROT_EXEC});
}

// Zeros where the data pages were, springboards in the last page of them, and the saved code.
void map_redirected(TaskBuild& build, const VdsoPlace& place, uint64_t other_address) {
    const Context& ctx = build.ctx;
    parasite::ScriptBuilder& script = build.script;
    std::string block = arch::redirected_vdso(ctx.image.inventory.vdso(), place.code,
                                              ctx.own.vdso_text, other_address);
    uint64_t first = place.code - arch::kSpringboardBytes;
    script.call("map the saved vdso", SYS_mmap,
                {place.start, place.end - place.start, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0});
    uint64_t from = script.arena().put(
        iovec{reinterpret_cast<void*>(script.arena().put_bytes(block)), block.size()});
    uint64_t to = script.arena().put(iovec{reinterpret_cast<void*>(first), block.size()});
    // The task writes into itself: the one call that copies memory.
    script.call("write the saved vdso", SYS_process_vm_writev,
                {build.task.pid(), from, 1, to, 1, 0}, parasite::kMustWork);
    script.call("protect the saved vdso's data", SYS_mprotect,
                {place.start, first - place.start, PROT_READ});
    script.call("protect the saved vdso", SYS_mprotect,
                {first, place.end - first, PROT_READ | PROT_EXEC});
}

}  // namespace

void emit_vdso(TaskBuild& build) {
    VdsoPlace place = vdso_place(build.task.mm());
    if (place.code == 0)
        return;
    const VdsoPlace& own = build.ctx.own.vdso;
    const VdsoPlan& plan = build.ctx.vdso;
    build.script.about("vdso");
    if (!plan.redirect) {
        map_own(build, place);
    } else {
        uint64_t code = plan.address + (own.code - own.start);
        if (plan.address != 0)
            map_own(build, {plan.address, code, plan.address + (own.end - own.start)});
        map_redirected(build, place, code);
    }
    build.script.about("memory");
}

}  // namespace crtool::restore
