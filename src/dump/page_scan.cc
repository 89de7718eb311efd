// See pages.h: which pages exist, and how much room the work on them needs.
#include <sys/mman.h>

#include <algorithm>

#include "arch/x86_64/protection_keys.h"
#include "dump/pages.h"
#include "image/page_store.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {
namespace {

using parasite::kPageBytes;
using parasite::Segment;

// The kernel may empty droppable memory at any time, and does so in a child: what is in it are the
// keys of random numbers (vgetrandom in the vDSO), which nobody shall have twice.
bool holds_private_pages(const image::Area& area) {
    if (sys::VmFlags(area.vm_flags()).has(sys::VmFlag::dp))
        return false;
    return area.kind() == image::Area::ANON || area.kind() == image::Area::FILE ||
           area.kind() == image::Area::SHMEM;
}

void append(std::vector<Segment>& out, uint64_t start, uint64_t end) {
    if (start >= end)
        return;
    uint64_t pages = (end - start) / kPageBytes;
    if (!out.empty() && out.back().address + out.back().pages * kPageBytes == start)
        out.back().pages += pages;
    else
        out.push_back({start, pages, 0});
}

// `rights` are those of the thread that would read.
bool can_read(const image::Area& area, uint32_t rights) {
    return (area.prot() & PROT_READ) != 0 && arch::may_read(rights, area.pkey());
}

void cut(const image::Area& area, const sys::PageRun& run, bool hidden,
         std::span<const uint64_t> unsteady, PagePlan& plan) {
    uint64_t start = std::max(area.start(), run.start);
    uint64_t end = std::min(area.end(), run.end);
    if ((run.categories & PAGE_IS_GUARD) != 0) {
        plan.guards.push_back({start, end, run.categories});
        return;
    }
    if (hidden)
        return append(plan.hidden, start, end);
    for (auto page = std::ranges::lower_bound(unsteady, start);
         page != unsteady.end() && *page < end; ++page) {
        append(plan.own, start, *page);
        append(plan.hidden, *page, *page + kPageBytes);
        start = *page + kPageBytes;
    }
    append(plan.own, start, end);
}

}  // namespace

PagePlan scan_pages(const TaskProbe& task, bool by_host, std::span<const uint64_t> unsteady) {
    const std::vector<sys::PageRun>& runs = task.present;
    uint32_t rights = arch::key_rights(task.threads.front().xstate);
    PagePlan plan;
    size_t at = 0;
    for (const image::Area& area : task.record.mm().areas()) {
        while (at < runs.size() && runs[at].end <= area.start())
            at++;
        if (!holds_private_pages(area))
            continue;
        bool hidden = by_host || !can_read(area, rights);
        for (size_t i = at; i < runs.size() && runs[i].start < area.end(); i++)
            cut(area, runs[i], hidden, unsteady, plan);
    }
    for (const Segment& segment : plan.own)
        plan.own_pages += segment.pages;
    return plan;
}

uint64_t page_bytes(const PagePlan& plan) {
    // At worst every second page is zero, and each of the others is a segment of its own.
    uint64_t segments = plan.own.size() * 2 + plan.own_pages / 2 + 2;
    return plan.own_pages / 8 + segments * sizeof(Segment) + image::pieces_of(plan.own_pages) * 8 +
           16 * sizeof(parasite::Op) + 4096;
}

}  // namespace crtool::dump
