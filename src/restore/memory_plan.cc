// See memory_plan.h.
#include "restore/memory_plan.h"

#include <sys/mman.h>

#include <algorithm>

#include "restore/page_runs.h"

namespace crtool::restore {
namespace {

using image::Area;

bool same_policy(const Area& a, const Area& b) {
    return a.policy().mode() == b.policy().mode() && a.policy().nodes() == b.policy().nodes();
}

// The forker's mapping can serve as (a part of) the child's.
bool same_mapping(const Area& a, const Area& b) {
    return !a.shared() && !b.shared() && a.kind() == b.kind() && a.growsdown() == b.growsdown() &&
           same_policy(a, b) && a.huge_shift() == 0 && b.huge_shift() == 0 &&
           (a.kind() == Area::ANON || (a.kind() == Area::FILE && a.file() == b.file() &&
                                       a.start() - a.offset() == b.start() - b.offset()));
}

class Planner {
  public:
    Planner(const image::Image& image, const PidPlan& pids)
        : image_(image), pids_(pids), pages_(image) {
        plan_.tasks.resize(image.tasks.size());
        kept_.resize(image.tasks.size());
        before_.resize(image.tasks.size());
    }

    MemoryPlan run();

  private:
    uint32_t source(uint32_t task) const { return pids_.nodes[pids_.node_of_task[task]].memory_of; }

    const image::AddressSpace& mm(uint32_t task) const { return image_.tasks[task].mm(); }

    void find_kept(uint32_t task);
    std::vector<Range> mapped_at_fork(uint32_t task) const;
    void plan_discard(uint32_t task);
    void plan_pieces(uint32_t task);
    void plan_pages(uint32_t task);
    void plan_drops(uint32_t task);
    void drop_others(uint32_t task, Range had, std::vector<Range>& drops);

    const image::Image& image_;
    const PidPlan& pids_;
    PageRuns pages_;
    MemoryPlan plan_;
    std::vector<std::vector<Piece>> kept_;   // per task, ascending
    std::vector<std::vector<bool>> before_;  // per task and area: mapped before it forks
};

// Parts of the forker's areas that hold pages the task inherits.
void Planner::find_kept(uint32_t task) {
    uint32_t from = source(task);
    before_[task].resize(static_cast<size_t>(mm(task).areas_size()));
    if (from == kNone || image_.tasks[from].pid() != image_.tasks[task].ppid() ||
        !plan_.tasks[from].own || !pages_.has_inherited(task))
        return;
    const auto& theirs = mm(from).areas();
    int other = 0;
    for (int index = 0; index < mm(task).areas_size(); index++) {
        const Area& area = mm(task).areas(index);
        while (other < theirs.size() && theirs[other].end() <= area.start())
            other++;
        for (int at = other; at < theirs.size() && theirs[at].start() < area.end(); at++) {
            uint64_t start = std::max(area.start(), theirs[at].start());
            uint64_t end = std::min(area.end(), theirs[at].end());
            if (!same_mapping(area, theirs[at]) || !pages_.any_inherited(task, start, end))
                continue;
            kept_[task].push_back({start, end, static_cast<uint32_t>(index), true,
                                   built_protection(theirs[at]), false});
            before_[from][static_cast<size_t>(at)] = true;
        }
    }
}

// What a task has mapped when it forks: areas that children inherit from, and what it kept itself.
std::vector<Range> Planner::mapped_at_fork(uint32_t task) const {
    std::vector<Range> mapped;
    auto keep = kept_[task].begin();
    for (int index = 0; index < mm(task).areas_size(); index++) {
        bool whole = before_[task][static_cast<size_t>(index)];
        if (whole)
            mapped.push_back({mm(task).areas(index).start(), mm(task).areas(index).end()});
        for (; keep != kept_[task].end() && keep->area == static_cast<uint32_t>(index); ++keep)
            if (!whole)
                mapped.push_back({keep->start, keep->end});
    }
    return mapped;
}

// What the forker had mapped and the task does not keep.
void Planner::plan_discard(uint32_t task) {
    uint32_t from = source(task);
    if (from == kNone)
        return;
    if (!plan_.tasks[from].own) {
        plan_.tasks[task].discard_all = true;
        return;
    }
    auto keep = kept_[task].begin();
    auto& discard = plan_.tasks[task].discard;
    auto add = [&](uint64_t start, uint64_t end) {
        if (start >= end)
            return;
        if (!discard.empty() && discard.back().end == start)
            discard.back().end = end;
        else
            discard.push_back({start, end});
    };
    for (Range mapped : mapped_at_fork(from)) {
        uint64_t at = mapped.start;
        while (keep != kept_[task].end() && keep->end <= at)
            ++keep;
        for (auto k = keep; k != kept_[task].end() && k->start < mapped.end; ++k) {
            add(at, k->start);
            at = k->end;
        }
        add(at, mapped.end);
    }
}

// Every area in parts: what is kept, and what must be mapped around it.
void Planner::plan_pieces(uint32_t task) {
    auto keep = kept_[task].begin();
    for (int index = 0; index < mm(task).areas_size(); index++) {
        const Area& area = mm(task).areas(index);
        if (!is_mapped_by_plan(area))
            continue;
        bool early = before_[task][static_cast<size_t>(index)];
        auto& pieces = (early ? plan_.tasks[task].before : plan_.tasks[task].after).pieces;
        uint64_t at = area.start();
        for (; keep != kept_[task].end() && keep->area == static_cast<uint32_t>(index); ++keep) {
            if (at < keep->start)
                pieces.push_back({at, keep->start, keep->area, false, 0, false});
            pieces.push_back(*keep);
            at = keep->end;
        }
        if (at < area.end())
            pieces.push_back({at, area.end(), static_cast<uint32_t>(index), false, 0, false});
    }
}

void Planner::plan_pages(uint32_t task) {
    for (MemoryPart* part : {&plan_.tasks[task].before, &plan_.tasks[task].after}) {
        RunCursor cursor = pages_.cursor(task);
        for (Piece& piece : part->pieces)
            piece.loaded = cursor.loads(piece.start, piece.end, piece.kept, part->loads);
    }
}

// Pages that the forker had when it forked, and the task has not.
void Planner::plan_drops(uint32_t task) {
    for (MemoryPart* part : {&plan_.tasks[task].before, &plan_.tasks[task].after})
        for (const Piece& piece : part->pieces)
            if (piece.kept)
                for (Range had : pages_.present(source(task), piece.start, piece.end))
                    drop_others(task, had, part->drops);
}

// What of `had` the task has not.
void Planner::drop_others(uint32_t task, Range had, std::vector<Range>& drops) {
    uint64_t at = had.start;
    for (Range have : pages_.present(task, had.start, had.end)) {
        if (at < have.start)
            drops.push_back({at, have.start});
        at = have.end;
    }
    if (at < had.end)
        drops.push_back({at, had.end});
}

MemoryPlan Planner::run() {
    auto count = static_cast<uint32_t>(image_.tasks.size());
    for (uint32_t task = 0; task < count; task++)
        plan_.tasks[task].own = image_.tasks[task].state() != image::Task::ZOMBIE &&
                                image_.tasks[task].shares_vm() == 0;
    for (uint32_t task = 0; task < count; task++)
        if (plan_.tasks[task].own)
            find_kept(task);
    for (uint32_t task = 0; task < count; task++) {
        if (!plan_.tasks[task].own)
            continue;
        plan_discard(task);
        plan_pieces(task);
        plan_pages(task);
        plan_drops(task);
    }
    return std::move(plan_);
}

}  // namespace

bool is_mapped_by_plan(const Area& area) {
    return area.kind() == Area::ANON || area.kind() == Area::FILE || area.kind() == Area::SHMEM;
}

uint32_t built_protection(const Area& area) {
    return area.prot() == PROT_EXEC ? PROT_READ | PROT_EXEC : area.prot();
}

MemoryPlan plan_memory(const image::Image& image, const PidPlan& pids) {
    return Planner(image, pids).run();
}

}  // namespace crtool::restore
