// `crtool show`: the areas of an address space, and how much of each is in the image.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/show_sections.h"
#include "cli/show_text.h"
#include "image/format.h"
#include "sys/proc_maps.h"

namespace crtool::cli {
namespace {

using image::Area;
using image::PageRun;

std::string kind_text(const Area& area) {
    switch (area.kind()) {
        case Area::ANON:
            return area.growsdown() ? "anonymous, grows down" : "anonymous";
        case Area::FILE:
            return area.shared() ? "file, shared" : "file, private";
        case Area::SHMEM:
            return fmt::format("shared memory {}", area.file());
        case Area::VDSO:
        case Area::VVAR:
        case Area::VSYSCALL:
            return "of the kernel";
        default:
            return fmt::format("kind {}", static_cast<int>(area.kind()));
    }
}

std::string size_or_nothing(uint64_t pages) {
    return pages == 0 ? "" : size_text(pages * image::kPageSize);
}

void show_marks(const image::AddressSpace& mm, std::string& out) {
    add_line(out, "code",
             fmt::format("{:x}-{:x}, data {:x}-{:x}, brk {:x}-{:x}, stack {:x}", mm.start_code(),
                         mm.end_code(), mm.start_data(), mm.end_data(), mm.start_brk(), mm.brk(),
                         mm.start_stack()));
    add_line(out, "arguments",
             fmt::format("{:x}-{:x}, environment {:x}-{:x}", mm.arg_start(), mm.arg_end(),
                         mm.env_start(), mm.env_end()));
}

void show_runs(const image::PageIndex& index, std::string& out) {
    constexpr std::string_view kFrom[] = {"stored", "inherited", "guard"};
    Table table("    ", {{"PAGES"}, {"FROM"}, {"PAGE INDEX", Table::Align::right}});
    for (const PageRun& run : index.runs()) {
        uint64_t end = run.address() + run.pages() * image::kPageSize;
        table.add({fmt::format("{:x}-{:x}", run.address(), end),
                   PageRun::From_IsValid(run.from()) ? std::string(kFrom[run.from()]) : "?",
                   run.from() == PageRun::STORED ? fmt::format("{}", run.page_index()) : ""});
    }
    table.print(out);
}

}  // namespace

uint64_t pages_within(const image::PageIndex* index, PageRun::From from, uint64_t start,
                      uint64_t end) {
    if (index == nullptr)
        return 0;
    const auto& runs = index->runs();
    auto run = std::partition_point(runs.begin(), runs.end(), [&](const PageRun& r) {
        return r.address() + r.pages() * image::kPageSize <= start;
    });
    uint64_t pages = 0;
    for (; run != runs.end() && run->address() < end; ++run) {
        if (run->from() != from)
            continue;
        uint64_t run_end = run->address() + run->pages() * image::kPageSize;
        pages += (std::min(run_end, end) - std::max(run->address(), start)) / image::kPageSize;
    }
    return pages;
}

void show_areas(const ShowView& view, const image::Task& task, std::string& out) {
    using enum Table::Align;
    if (!task.has_mm())
        return;
    const image::PageIndex* index = view.pages_of(task.pid());
    if (view.everything())
        show_marks(task.mm(), out);
    out += "  Areas\n";
    std::vector<Table::Column> columns = {{"FROM", right}, {"TO", right},     {"PROT"},
                                          {"SIZE", right}, {"STORED", right}, {"INHERITED", right},
                                          {"KIND"},        {"NAME"}};
    if (view.everything())
        columns.push_back({"FLAGS"});
    Table table("    ", columns);
    for (const Area& area : task.mm().areas()) {
        auto pages = [&](PageRun::From from) {
            return size_or_nothing(pages_within(index, from, area.start(), area.end()));
        };
        std::vector<std::string> row = {
            fmt::format("{:x}", area.start()),
            fmt::format("{:x}", area.end()),
            protection(area.prot()),
            size_text(area.end() - area.start()),
            pages(PageRun::STORED),
            pages(PageRun::INHERITED),
            kind_text(area),
            printable(area.name()),
        };
        if (view.everything())
            row.push_back(sys::format_vm_flags(sys::VmFlags(area.vm_flags())) +
                          (area.pkey() == 0 ? "" : fmt::format(" key {}", area.pkey())));
        table.add(std::move(row));
    }
    table.print(out);
    if (view.everything() && index != nullptr)
        show_runs(*index, out);
}

}  // namespace crtool::cli
