// See memory_reader.h.
#include "dump/memory_reader.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "base/fault.h"
#include "sys/text_scanner.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {
namespace {

// A helper costs as much as reading a task or two, or the pages of a large one.
constexpr size_t kTasksPerHelper = 8;
constexpr uint64_t kLargeTask = 4096;  // pages

bool is_large(const tracee::FrozenTask& task) {
    if (task.zombie())
        return false;
    std::string sizes = task.proc.read("statm");  // of all, of what is there, ...
    sys::TextScanner scanner(sizes, "statm");
    scanner.until(' ');
    return scanner.dec() >= kLargeTask;
}

size_t helpers_for(std::span<const tracee::FrozenTask> tasks) {
    if (tasks.size() >= kTasksPerHelper)
        return tasks.size() / kTasksPerHelper;
    return std::ranges::any_of(tasks, is_large) ? 1 : 0;
}

constexpr sys::PageQuery kPrivatePages = {
    .required = 0,
    .excluded = PAGE_IS_FILE | PAGE_IS_PFNZERO,
    .any_of = PAGE_IS_PRESENT | PAGE_IS_SWAPPED | PAGE_IS_GUARD,
    .reported = PAGE_IS_GUARD,
};

// Where the kernel (before 6.7) cannot scan, every page of an area costs something, whether it is
// there or not: what is only reserved is left out.
std::vector<sys::PageRun> read_pages(const sys::ProcDir& proc) {
    sys::Pagemap pagemap(proc.open("pagemap", O_RDONLY));
    std::vector<sys::PageRun> runs;
    if (pagemap.try_scan(0, sys::kUserEnd, kPrivatePages, runs))
        return runs;
    for (const sys::AddressRange& area : sys::parse_populated(proc.read("smaps")))
        pagemap.read_scan(area.start, std::min(area.end, sys::kUserEnd), kPrivatePages, runs);
    return runs;
}

}  // namespace

MemoryReader::MemoryReader(std::span<const tracee::FrozenTask> tasks)
    : tasks_(tasks),
      looks_(tasks.size()),
      readers_(2 * tasks.size(), helpers_for(tasks), [this](size_t job) { read(job); }) {}

void MemoryReader::read(size_t job) {
    const tracee::FrozenTask& task = tasks_[job / 2];
    MemoryLook& look = looks_[job / 2];
    if (task.zombie())
        return;
    if (job % 2 == 0)
        look.areas = sys::read_maps(task.proc.open("smaps", O_RDONLY).get());
    else
        look.pages = read_pages(task.proc);
}

MemoryLook MemoryReader::take(size_t index) {
    fault::point("read the areas and pages");
    readers_.await(2 * index);
    readers_.await(2 * index + 1);
    return std::exchange(looks_[index], {});
}

}  // namespace crtool::dump
