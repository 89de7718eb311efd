// See arena_plan.h.
#include "restore/arena_plan.h"

#include <algorithm>

#include "base/error.h"
#include "parasite/script.h"

namespace crtool::restore {
namespace {

// Far from where programs, heaps, libraries and stacks usually are (man 2 mmap, ELF loaders).
constexpr uint64_t kFirstTry = uint64_t{1} << 40;
constexpr uint64_t kLowest = uint64_t{1} << 24;
constexpr uint64_t kHighest = 0x7ffffffff000;
// A stack may grow towards the arena, and the kernel keeps a gap of 1 MiB before one.
constexpr uint64_t kMargin = uint64_t{4} << 20;
constexpr uint64_t kAlign = uint64_t{2} << 20;

constexpr uint64_t kPerTask = 64 * 1024;
constexpr uint64_t kPerThread = 32 * 1024;
constexpr uint64_t kBase = uint64_t{4} << 20;
// Scripts are larger than the records they are made from, by less than this.
constexpr uint64_t kPerRecordByte = 24;

uint64_t align_up(uint64_t value) {
    return (value + kAlign - 1) / kAlign * kAlign;
}

// End of an area that overlaps [start, end); 0: none does.
template <typename Areas, typename Start, typename End>
uint64_t conflict(const Areas& areas, uint64_t start, uint64_t end, Start start_of, End end_of) {
    auto at = std::ranges::partition_point(areas,
                                           [&](const auto& area) { return end_of(area) <= start; });
    return at != areas.end() && start_of(*at) < end ? end_of(*at) : 0;
}

uint64_t first_conflict(const image::Image& image, const std::vector<Range>& taken, uint64_t start,
                        uint64_t end) {
    uint64_t found = conflict(
        taken, start, end, [](const Range& r) { return r.start; },
        [](const Range& r) { return r.end; });
    if (found != 0)
        return found;
    for (const image::Task& task : image.tasks) {
        found = conflict(
            task.mm().areas(), start, end, [](const image::Area& a) { return a.start(); },
            [](const image::Area& a) { return a.end(); });
        if (found != 0)
            return found;
    }
    return 0;
}

// 0: nothing free from `from` on.
uint64_t search(const image::Image& image, const std::vector<Range>& taken, uint64_t bytes,
                uint64_t from) {
    uint64_t start = from;
    while (start + bytes + kMargin < kHighest) {
        uint64_t next = first_conflict(image, taken, start - kMargin, start + bytes + kMargin);
        if (next == 0)
            return start;
        start = align_up(next + kMargin);
    }
    return 0;
}

}  // namespace

uint64_t arena_bytes(const image::Image& image) {
    uint64_t records = 0;
    for (const image::FileDigest& file : image.inventory.files())
        if (file.name() != "pages.img")
            records += file.size();
    // Calls of it may have to be led elsewhere, by a copy in each task.
    uint64_t vdso = image.inventory.vdso().size() + 2 * parasite::kPageBytes;
    return align_up(kBase + image.tasks.size() * vdso + image.tasks.size() * kPerTask +
                    image.inventory.threads() * kPerThread + records * kPerRecordByte);
}

uint64_t plan_arena(const image::Image& image, const std::vector<Range>& taken, uint64_t bytes) {
    uint64_t address = search(image, taken, bytes, kFirstTry);
    if (address == 0)
        address = search(image, taken, bytes, kLowest);
    if (address == 0)
        fail(Errc::unsupported, "no {} bytes of address space are free in all tasks", bytes);
    return address;
}

}  // namespace crtool::restore
