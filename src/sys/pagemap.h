// Which pages of an address space exist, in what state, and in which frames.
//
// Runs come from the PAGEMAP_SCAN ioctl (kernel ≥ 6.7), which walks the page tables and merges
// equal neighbours across areas, or, where the kernel lacks that, from the entries of each area.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sys/fd.h"
#include "sys/uapi_compat.h"

namespace crtool::sys {

// Pages [start, end) that have the same categories (PAGE_IS_*, those asked for).
struct PageRun {
    uint64_t start = 0;
    uint64_t end = 0;
    uint64_t categories = 0;

    bool operator==(const PageRun&) const = default;
};

// Which pages are wanted: those with all of `required`, none of `excluded`, and, unless it is 0, at
// least one of `any_of`. `reported` are the categories that the runs tell (and are split by).
struct PageQuery {
    uint64_t required = 0;
    uint64_t excluded = 0;
    uint64_t any_of = 0;
    uint64_t reported = 0;
};

// TASK_SIZE of x86-64: every address that mmap gives out without being asked for a higher one.
inline constexpr uint64_t kUserEnd = 0x7ffffffff000;

// One entry of /proc/PID/pagemap.
struct PagemapEntry {
    uint64_t raw = 0;

    bool present() const { return (raw >> 63 & 1) != 0; }

    bool swapped() const { return (raw >> 62 & 1) != 0; }

    // File page or shared anonymous memory.
    bool file() const { return (raw >> 61 & 1) != 0; }

    // Kernel ≥ 6.15.
    bool guard() const { return (raw >> 58 & 1) != 0; }

    // Mapped by this address space only.
    bool exclusive() const { return (raw >> 56 & 1) != 0; }

    bool soft_dirty() const { return (raw >> 55 & 1) != 0; }

    // Page frame number; 0 when not present or without CAP_SYS_ADMIN.
    uint64_t frame() const { return present() ? raw & ((1ULL << 55) - 1) : 0; }
};

class Pagemap {
  public:
    // Takes an open /proc/PID/pagemap.
    explicit Pagemap(UniqueFd fd) : fd_(std::move(fd)) {}

    int fd() const { return fd_.get(); }

    // All wanted runs of [start, end), ascending, neighbours with equal categories merged, are
    // appended to `runs`. Costs one system call for each 32,768 runs; holes cost nothing. False,
    // and nothing done: the kernel has no such ioctl. Throws Errc::gone when the address space has
    // gone. The range must lie in user space (EFAULT): kUserEnd is the end of it with four levels
    // of page tables.
    bool try_scan(uint64_t start, uint64_t end, const PageQuery& query, std::vector<PageRun>& runs);

    // The same from the entries, on every kernel: costs 8 bytes read for each page of the range,
    // holes included, so ask for one area at a time. Knows PRESENT, SWAPPED, FILE, SOFT_DIRTY,
    // GUARD and, where frame numbers can be read, PFNZERO of 4 KiB zero pages; other categories
    // never match.
    void read_scan(uint64_t start, uint64_t end, const PageQuery& query,
                   std::vector<PageRun>& runs);

    // Entries of the pages from `start` on, as many as the span holds. Entries beyond the end of
    // the address space are 0.
    void read(uint64_t start, std::span<PagemapEntry> entries) const;

  private:
    UniqueFd fd_;
    // For the ioctl's answers; its pages are touched only as far as they are filled.
    std::unique_ptr<uapi::PageRegion[]> buffer_;
};

// The frame of the 4 KiB zero page, when this process may see frame numbers.
std::optional<uint64_t> zero_page_frame();

}  // namespace crtool::sys
