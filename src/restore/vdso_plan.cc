// See vdso_plan.h.
#include "restore/vdso_plan.h"

#include <algorithm>
#include <unordered_map>

#include "arch/x86_64/vdso.h"
#include "base/error.h"
#include "restore/arena_plan.h"

namespace crtool::restore {
namespace {

using image::Area;

using Places = std::unordered_map<uint32_t, VdsoPlace>;  // by the pid of who has the memory

bool is_vdso(const Area& area) {
    return area.kind() == Area::VVAR || area.kind() == Area::VDSO;
}

// The block has the shape of `own`: data pages and code, of the same sizes.
bool same_shape(const VdsoPlace& place, const VdsoPlace& own) {
    return place.code - place.start == own.code - own.start &&
           place.end - place.code == own.end - own.code;
}

// Springboards need a page before the code, which only the data pages leave free.
void check_block(const image::Task& task, const VdsoPlace& place, size_t code_bytes) {
    uint64_t bytes = 0;
    for (const Area& area : task.mm().areas())
        if (is_vdso(area))
            bytes += area.end() - area.start();
    if (place.code - place.start < arch::kSpringboardBytes || bytes != place.end - place.start)
        fail(Errc::unsupported,
             "task {} has moved or unmapped parts of its vdso, and this kernel's is another one; "
             "restore under the kernel of the dump",
             task.pid());
    if (place.end - place.code != code_bytes)
        fail(Errc::unsupported,
             "task {} has not the vdso of the kernel of the dump, and this kernel's is another "
             "one; restore "
             "under the kernel of the dump",
             task.pid());
}

// In a system call of the vdso a thread is well: what follows the call reads no data. Elsewhere it
// may have read a part of the data that is no more.
void check_thread(const image::Task& task, const image::Thread& thread, const VdsoPlace& place) {
    const image::Registers& registers = thread.registers();
    bool inside = registers.rip() >= place.code && registers.rip() < place.end;
    if (inside && static_cast<int64_t>(registers.orig_rax()) < 0)
        fail(
            Errc::unsupported,
            "thread {} of task {} was dumped inside a function of its vdso, and this kernel's vdso "
            "is another one; restore under the kernel of the dump, or let it run there for a "
            "moment and dump again",
            thread.tid(), task.pid());
}

Places places_of(const image::Image& image) {
    Places places;
    for (const image::Task& task : image.tasks)
        if (VdsoPlace place = vdso_place(task.mm()); place.code != 0)
            places[task.pid()] = place;
    return places;
}

void check_tasks(const image::Image& image, const Places& places) {
    for (const image::Task& task : image.tasks) {
        auto place = places.find(task.shares_vm() == 0 ? task.pid() : task.shares_vm());
        if (place == places.end())
            continue;
        if (task.shares_vm() == 0)
            check_block(task, place->second, image.inventory.vdso().size());
        for (const image::Thread& thread : task.threads())
            if (!thread.exited())
                check_thread(task, thread, place->second);
    }
}

}  // namespace

VdsoPlace vdso_place(const image::AddressSpace& mm) {
    VdsoPlace place;
    for (const Area& area : mm.areas()) {
        if (!is_vdso(area))
            continue;
        if (place.start == 0)
            place.start = area.start();
        if (area.kind() == Area::VDSO && place.code == 0)
            place.code = area.start();
        place.end = area.end();
    }
    return place;
}

VdsoPlan plan_vdso(const image::Image& image, VdsoChoice choice, const OwnState& own, Range arena) {
    const std::string& saved = image.inventory.vdso();
    Places places = places_of(image);
    bool other = choice == VdsoChoice::redirect ||
                 (!saved.empty() && !arch::same_vdso(saved, own.vdso_text)) ||
                 std::ranges::any_of(places, [&](const Places::value_type& place) {
                     return !same_shape(place.second, own.vdso);
                 });
    if (places.empty() || !other)
        return {};
    if (choice == VdsoChoice::map)
        fail(Errc::unsupported,
             "the vdso of the kernel of the dump is another one than this kernel's; without "
             "--vdso=map, calls of it are redirected");
    check_tasks(image, places);
    VdsoPlan plan{true, 0};
    if (own.vdso.code == 0)
        return plan;
    std::vector<Range> taken = own.areas;
    taken.insert(std::ranges::upper_bound(taken, arena.start, {}, &Range::start), arena);
    plan.address = plan_arena(image, taken, own.vdso.end - own.vdso.start);
    return plan;
}

}  // namespace crtool::restore
