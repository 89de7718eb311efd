// See vdso_script.h.
//
// arch_prctl(ARCH_MAP_VDSO_64, address) maps data pages and code as one block at `address`,
// provided that the task has no vdso and the place is free; else it silently takes another place,
// so a second call asks whether the block is where it should be.
#include "restore/vdso_script.h"

#include <asm/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "base/error.h"

namespace crtool::restore {
namespace {

using image::Area;

}  // namespace

VdsoPlace vdso_place(const image::AddressSpace& mm) {
    VdsoPlace place;
    for (const Area& area : mm.areas()) {
        if (area.kind() != Area::VVAR && area.kind() != Area::VDSO)
            continue;
        if (place.start == 0)
            place.start = area.start();
        if (area.kind() == Area::VDSO && place.code == 0)
            place.code = area.start();
        place.end = area.end();
    }
    return place;
}

void emit_vdso(TaskBuild& build) {
    VdsoPlace place = vdso_place(build.task.mm());
    if (place.code == 0)
        return;
    const VdsoPlace& own = build.ctx.own.vdso;
    if (place.code - place.start != own.code - own.start ||
        place.end - place.code != own.end - own.code)
        fail(Errc::unsupported,
             "task {} was dumped under a kernel whose vdso has another layout than this one's",
             build.task.pid());
    build.script.about("vdso");
    build.script.call("map the vdso", SYS_arch_prctl, {ARCH_MAP_VDSO_64, place.start});
    build.script.call("map the vdso at its saved address", SYS_mprotect,
                      {place.code, place.end - place.code, PROT_READ | PROT_EXEC});
    build.script.about("memory");
}

}  // namespace crtool::restore
