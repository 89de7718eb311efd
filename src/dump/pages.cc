// See pages.h: zeros, sharing, places, writing.
#include "dump/pages.h"

#include <fcntl.h>

#include <algorithm>
#include <optional>
#include <span>

#include "arch/x86_64/simd.h"
#include "base/fault.h"
#include "image/host_page_writer.h"

namespace crtool::dump {
namespace {

using parasite::kPageBytes;
using parasite::Segment;

// Appends one page to runs, joining it to the last one when it continues it.
void append_run(image::PageIndex& index, uint64_t address, image::PageRun::From from,
                uint64_t page_index) {
    int count = index.runs_size();
    if (count > 0) {
        image::PageRun& last = *index.mutable_runs(count - 1);
        if (last.from() == from && last.address() + last.pages() * kPageBytes == address &&
            (from != image::PageRun::STORED || last.page_index() + last.pages() == page_index)) {
            last.set_pages(last.pages() + 1);
            return;
        }
    }
    image::PageRun& run = *index.add_runs();
    run.set_address(address);
    run.set_pages(1);
    run.set_from(from);
    if (from == image::PageRun::STORED)
        run.set_page_index(page_index);
}

void append_segment(std::vector<Segment>& segments, uint64_t address) {
    if (!segments.empty() &&
        segments.back().address + segments.back().pages * kPageBytes == address)
        segments.back().pages++;
    else
        segments.push_back({address, 1, 0});
}

// The area of `task` that has `address`; nullptr: none.
const image::Area* area_at(const TaskProbe& task, uint64_t address) {
    const auto& areas = task.record.mm().areas();
    auto after =
        std::upper_bound(areas.begin(), areas.end(), address,
                         [](uint64_t a, const image::Area& area) { return a < area.end(); });
    return after != areas.end() && after->start() <= address ? &*after : nullptr;
}

// A child has a page by fork when both have the same area around it. Not one of huge pages: what
// only one of them has cannot be dropped by single pages.
bool same_area(const TaskProbe& child, const TaskProbe& parent, uint64_t address) {
    const image::Area* a = area_at(child, address);
    const image::Area* b = area_at(parent, address);
    return a != nullptr && b != nullptr && a->start() == b->start() && a->end() == b->end() &&
           a->kind() == b->kind() && a->file() == b->file() && a->offset() == b->offset() &&
           !a->shared() && !b->shared() && a->huge_shift() == 0 && b->huge_shift() == 0;
}

// Decides page by page; used only where frames can be shared.
class Placer {
  public:
    Placer(TaskProbe& task, const TaskProbe* parent, FrameTable& frames)
        : task_(task),
          plan_(*task.pages),
          parent_(parent),
          frames_(frames),
          pagemap_(task.frozen.proc.open("pagemap", O_RDONLY)) {
        if (parent != nullptr && parent->pages != nullptr)
            parent_map_.emplace(parent->frozen.proc.open("pagemap", O_RDONLY));
    }

    void place(const Segment& segment, const uint64_t* zeros, uint64_t first_bit) {
        std::vector<sys::PagemapEntry> mine(segment.pages);
        pagemap_.read(segment.address, mine);
        std::vector<sys::PagemapEntry> theirs;
        if (parent_map_) {
            theirs.resize(segment.pages);
            parent_map_->read(segment.address, theirs);
        }
        for (uint64_t i = 0; i < segment.pages; i++) {
            if ((zeros[(first_bit + i) / 64] >> (first_bit + i) % 64 & 1) != 0)
                continue;
            uint64_t theirs_frame = theirs.empty() ? 0 : theirs[i].frame();
            place_page(segment.address + i * kPageBytes, mine[i], theirs_frame);
        }
    }

  private:
    void place_page(uint64_t address, sys::PagemapEntry entry, uint64_t parent_frame) {
        uint64_t frame = entry.exclusive() ? 0 : entry.frame();
        if (frame != 0) {
            if (frame == parent_frame && same_area(task_, *parent_, address)) {
                append_run(plan_.record, address, image::PageRun::INHERITED, 0);
                return;
            }
            if (const FrameTable::Copy* copy = frames_.find(frame)) {
                append_run(plan_.record, address, image::PageRun::STORED, copy->page_index);
                return;
            }
        }
        uint64_t index = plan_.page_index + plan_.written_pages++;
        append_segment(plan_.written, address);
        append_run(plan_.record, address, image::PageRun::STORED, index);
        if (frame != 0)
            frames_.add(frame, {index, address, static_cast<uint32_t>(task_.pid())});
    }

    TaskProbe& task_;
    PagePlan& plan_;
    const TaskProbe* parent_;
    FrameTable& frames_;
    sys::Pagemap pagemap_;
    std::optional<sys::Pagemap> parent_map_;
};

// Without sharing: whole stretches between zero pages.
void place_alone(PagePlan& plan, const Segment& segment, const uint64_t* zeros, uint64_t first) {
    for (uint64_t i = 0; i < segment.pages; i++) {
        if ((zeros[(first + i) / 64] >> (first + i) % 64 & 1) != 0)
            continue;
        uint64_t address = segment.address + i * kPageBytes;
        append_segment(plan.written, address);
        append_run(plan.record, address, image::PageRun::STORED,
                   plan.page_index + plan.written_pages++);
    }
}

void write_hidden(TaskProbe& task, image::PageWriter& writer) {
    fault::point("read pages that the task itself cannot read");
    sys::UniqueFd memory = task.frozen.proc.open("mem", O_RDONLY);
    std::vector<image::HostPageWriter::Stretch> stretches;
    for (const Segment& segment : task.pages->hidden)
        stretches.push_back({segment.address, segment.pages * kPageBytes});
    image::HostPageWriter host(writer);
    for (const auto& run : host.copy_all(memory.get(), stretches)) {
        image::PageRun& record = *task.pages->record.add_runs();
        record.set_address(run.offset);
        record.set_pages(run.pages);
        record.set_from(image::PageRun::STORED);
        record.set_page_index(run.page_index);
    }
}

}  // namespace

const FrameTable::Copy* FrameTable::find(uint64_t frame) const {
    auto at = copies_.find(frame);
    return at == copies_.end() ? nullptr : &at->second;
}

void emit_find_zeros(PagePlan& plan, parasite::ScriptBuilder& script) {
    script.about("memory");
    plan.zero_bitmap = script.arena().take((plan.own_pages + 63) / 64 * 8);
    uint64_t segments = script.arena().put_array(std::span<const Segment>(plan.own));
    script.call("look for zero pages", parasite::kFindZeros,
                {segments, plan.own.size(), plan.zero_bitmap});
}

void emit_write(PagePlan& plan, parasite::ScriptBuilder& script, parasite::Ref fd) {
    script.about("memory");
    plan.digests = script.arena().take(image::pieces_of(plan.written_pages) * 8);
    uint64_t segments = script.arena().put_array(std::span<const Segment>(plan.written));
    script.call("write its pages", parasite::kWritePages,
                {fd, segments, plan.written.size(), plan.page_index * kPageBytes, plan.digests,
                 arch::has_avx2() ? 1 : 0});
    script.call("close the pages file", 3, {fd});
}

void place_pages(TaskProbe& task, const TaskProbe* parent, FrameTable* frames,
                 image::PageWriter& writer) {
    PagePlan& plan = *task.pages;
    const uint64_t* zeros = task.session->arena().host<uint64_t>(plan.zero_bitmap);
    plan.record.set_pid(static_cast<uint32_t>(task.pid()));
    // Slots are reserved when the number is known; until then indexes count from 0.
    plan.page_index = 0;
    uint64_t bit = 0;
    std::optional<Placer> placer;
    if (frames != nullptr)
        placer.emplace(task, parent, *frames);
    plan.page_index = writer.reserve(0);
    for (const Segment& segment : plan.own) {
        if (placer)
            placer->place(segment, zeros, bit);
        else
            place_alone(plan, segment, zeros, bit);
        bit += segment.pages;
    }
    writer.reserve(plan.written_pages);
}

void finish_pages(TaskProbe& task, image::PageWriter& writer) {
    PagePlan& plan = *task.pages;
    if (plan.written_pages > 0) {
        const uint64_t* digests = task.session->arena().host<uint64_t>(plan.digests);
        writer.add_digests(plan.page_index, plan.written_pages,
                           std::span(digests, image::pieces_of(plan.written_pages)));
    }
    if (!plan.hidden.empty())
        write_hidden(task, writer);
    for (const sys::PageRun& guard : plan.guards) {
        image::PageRun& record = *plan.record.add_runs();
        record.set_address(guard.start);
        record.set_pages((guard.end - guard.start) / kPageBytes);
        record.set_from(image::PageRun::GUARD);
    }
    auto& runs = *plan.record.mutable_runs();
    std::sort(runs.pointer_begin(), runs.pointer_end(),
              [](const image::PageRun* a, const image::PageRun* b) {
                  return a->address() < b->address();
              });
}

}  // namespace crtool::dump
