// See page_runs.h.
#include "restore/page_runs.h"

#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "restore/memory_plan.h"

namespace crtool::restore {
namespace {

using image::PageRun;
using parasite::kPageBytes;

const image::PageIndex kNothing;

uint64_t end_of(const PageRun& run) {
    return run.address() + run.pages() * kPageBytes;
}

void add_load(std::vector<parasite::Segment>& out, const PageRun& run, uint64_t start,
              uint64_t end) {
    uint64_t page = run.page_index() + (start - run.address()) / kPageBytes;
    uint64_t pages = (end - start) / kPageBytes;
    if (!out.empty()) {
        parasite::Segment& last = out.back();
        if (last.address + last.pages * kPageBytes == start &&
            last.page_index + last.pages == page) {
            last.pages += pages;
            return;
        }
    }
    out.push_back({start, pages, page});
}

}  // namespace

PageRuns::PageRuns(const image::Image& image) : image_(image) {
    std::unordered_map<uint32_t, uint32_t> by_pid;
    std::unordered_map<uint32_t, const image::PageIndex*> indexes;
    for (const image::PageIndex& index : image.page_indexes)
        indexes[index.pid()] = &index;
    for (uint32_t task = 0; task < image.tasks.size(); task++) {
        const image::Task& record = image.tasks[task];
        by_pid[record.pid()] = task;
        uint32_t owner = record.shares_vm() == 0 ? record.pid() : record.shares_vm();
        auto found = indexes.find(owner);
        index_.push_back(found == indexes.end() ? &kNothing : found->second);
        parent_.push_back(task == 0 ? kNone : by_pid.at(record.ppid()));
        has_inherited_.push_back(std::ranges::any_of(index_.back()->runs(), [](const auto& run) {
            return run.from() == PageRun::INHERITED;
        }));
    }
}

int PageRuns::first_after(uint32_t task, uint64_t address) const {
    const auto& runs = index_[task]->runs();
    auto found = std::ranges::partition_point(
        runs, [&](const PageRun& run) { return end_of(run) <= address; });
    return static_cast<int>(found - runs.begin());
}

bool PageRuns::any_inherited(uint32_t task, uint64_t start, uint64_t end) const {
    const auto& runs = index_[task]->runs();
    for (int at = first_after(task, start); at < runs.size() && runs[at].address() < end; at++)
        if (runs[at].from() == PageRun::INHERITED)
            return true;
    return false;
}

std::vector<Range> PageRuns::present(uint32_t task, uint64_t start, uint64_t end) const {
    std::vector<Range> found;
    const auto& runs = index_[task]->runs();
    for (int at = first_after(task, start); at < runs.size() && runs[at].address() < end; at++) {
        if (runs[at].from() == PageRun::GUARD)
            continue;
        Range part{std::max(start, runs[at].address()), std::min(end, end_of(runs[at]))};
        if (!found.empty() && found.back().end == part.start)
            found.back().end = part.end;
        else
            found.push_back(part);
    }
    return found;
}

std::optional<uint64_t> PageRuns::stored(uint32_t task, uint64_t address) const {
    const auto& runs = index_[task]->runs();
    int at = first_after(task, address);
    if (at == runs.size() || runs[at].address() > address)
        return std::nullopt;
    if (runs[at].from() == PageRun::INHERITED && parent_[task] != kNone)
        return stored(parent_[task], address);
    if (runs[at].from() != PageRun::STORED)
        return std::nullopt;
    return runs[at].page_index() + (address - runs[at].address()) / kPageBytes;
}

void PageRuns::resolve(uint32_t task, uint64_t start, uint64_t end,
                       std::vector<parasite::Segment>& out) const {
    uint32_t parent = parent_[task];
    if (parent == kNone)
        fail(Errc::bad_image, "task {}: page {:#x} is inherited from nobody",
             image_.tasks[task].pid(), start);
    const auto& runs = index_[parent]->runs();
    uint64_t at = start;
    for (int i = first_after(parent, start); i < runs.size() && runs[i].address() < end; i++) {
        uint64_t from = std::max(at, runs[i].address());
        uint64_t to = std::min(end, end_of(runs[i]));
        if (from != at || runs[i].from() == PageRun::GUARD)
            break;
        if (runs[i].from() == PageRun::INHERITED)
            resolve(parent, from, to, out);
        else
            add_load(out, runs[i], from, to);
        at = to;
    }
    if (at < end)
        fail(Errc::bad_image, "task {}: its parent has not the page {:#x} that it inherits",
             image_.tasks[task].pid(), at);
}

RunCursor::RunCursor(const PageRuns& runs, uint32_t task) : runs_(runs), task_(task) {}

bool RunCursor::loads(uint64_t start, uint64_t end, bool kept,
                      std::vector<parasite::Segment>& out) {
    const auto& runs = runs_.index_[task_]->runs();
    while (at_ < runs.size() && end_of(runs[at_]) <= start)
        at_++;
    bool is_any = false;
    for (int i = at_; i < runs.size() && runs[i].address() < end; i++) {
        const PageRun& run = runs[i];
        uint64_t from = std::max(start, run.address());
        uint64_t to = std::min(end, end_of(run));
        if (run.from() == PageRun::STORED)
            add_load(out, run, from, to);
        else if (run.from() == PageRun::INHERITED && !kept)
            runs_.resolve(task_, from, to, out);
        else
            continue;
        is_any = true;
    }
    return is_any;
}

}  // namespace crtool::restore
