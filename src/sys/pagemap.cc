// See pagemap.h, and Documentation/admin-guide/mm/pagemap.rst of the kernel.
#include "sys/pagemap.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "sys/mapping.h"

namespace crtool::sys {
namespace {

constexpr uint64_t kPageSize = 4096;
// Small enough for the heap: a mapping of its own for each use would cost more than a second round.
constexpr size_t kRegions = 4096;
constexpr size_t kEntriesPerRead = 8192;
constexpr uint64_t kNoFrame = ~uint64_t{0};

void append(std::vector<PageRun>& runs, const PageRun& run) {
    if (!runs.empty() && runs.back().end == run.start && runs.back().categories == run.categories)
        runs.back().end = run.end;
    else
        runs.push_back(run);
}

// `zero_frame`: kNoFrame when it is not known, or makes no difference.
uint64_t categories_of(PagemapEntry entry, uint64_t zero_frame) {
    uint64_t categories = 0;
    if (entry.present())
        categories |= PAGE_IS_PRESENT;
    if (entry.swapped())
        categories |= PAGE_IS_SWAPPED;
    if (entry.file())
        categories |= PAGE_IS_FILE;
    if (entry.soft_dirty())
        categories |= PAGE_IS_SOFT_DIRTY;
    if (entry.guard())
        categories |= PAGE_IS_GUARD;
    if (entry.present() && entry.frame() == zero_frame)
        categories |= PAGE_IS_PFNZERO;
    return categories;
}

bool wanted(uint64_t categories, const PageQuery& query) {
    return (categories & query.required) == query.required && (categories & query.excluded) == 0 &&
           (query.any_of == 0 || (categories & query.any_of) != 0);
}

uapi::PagemapScan make_request(uint64_t end, const PageQuery& query, uapi::PageRegion* buffer) {
    uapi::PagemapScan request{};
    request.size = sizeof(request);
    request.end = end;
    request.vec = reinterpret_cast<uint64_t>(buffer);
    request.vec_len = kRegions;
    // A category is inverted to be wanted absent; both kinds must then be "set".
    request.category_inverted = query.excluded;
    request.category_mask = query.required | query.excluded;
    request.category_anyof_mask = query.any_of;
    request.return_mask = query.reported;
    return request;
}

// Kernels refuse to scan for what they do not know, which no page of theirs has.
constexpr uint64_t kLater = PAGE_IS_GUARD;  // ≥ 6.15, the ioctl itself ≥ 6.7

bool asks_for_later(const uapi::PagemapScan& request) {
    return ((request.category_mask | request.category_anyof_mask | request.return_mask) & kLater) !=
           0;
}

bool wants_only_later(const PageQuery& query) {
    return (query.required & kLater) != 0 || (query.any_of != 0 && (query.any_of & ~kLater) == 0);
}

void forget_later(uapi::PagemapScan& request) {
    request.category_mask &= ~kLater;
    request.category_inverted &= ~kLater;
    request.category_anyof_mask &= ~kLater;
    request.return_mask &= ~kLater;
}

}  // namespace

bool Pagemap::try_scan(uint64_t start, uint64_t end, const PageQuery& query,
                       std::vector<PageRun>& runs) {
    if (!buffer_)
        buffer_ = std::make_unique_for_overwrite<uapi::PageRegion[]>(kRegions);
    uapi::PagemapScan request = make_request(end, query, buffer_.get());
    request.start = start;
    while (request.start < end) {
        int found = ::ioctl(fd_.get(), PAGEMAP_SCAN, &request);
        if (found < 0 && errno == ENOTTY)
            return false;
        if (found < 0 && errno == EINVAL && asks_for_later(request)) {
            if (wants_only_later(query))
                return true;
            forget_later(request);
            continue;
        }
        if (found < 0 && errno == ESRCH)
            fail(Errc::gone, "the address space has gone");
        if (found < 0)
            fail_errno(errno, "cannot scan pages {:#x}-{:#x}", request.start, end);
        std::span<const uapi::PageRegion> regions(buffer_.get(), static_cast<size_t>(found));
        for (const uapi::PageRegion& region : regions)
            append(runs, {region.start, region.end, region.categories});
        // Room left: the walk is complete. walk_end cannot be asked then: the kernel (6.7 … 6.18)
        // may leave it where an earlier one of its inner rounds of 512 regions stopped.
        if (regions.size() < kRegions)
            return true;
        request.start = std::max<uint64_t>(request.walk_end, regions.back().end);
    }
    return true;
}

void Pagemap::read_scan(uint64_t start, uint64_t end, const PageQuery& query,
                        std::vector<PageRun>& runs) {
    bool zero_matters =
        ((query.required | query.excluded | query.any_of | query.reported) & PAGE_IS_PFNZERO) != 0;
    static const std::optional<uint64_t> kFrame = zero_page_frame();  // there is but one
    uint64_t zero_frame = zero_matters ? kFrame.value_or(kNoFrame) : kNoFrame;
    std::vector<PagemapEntry> entries(kEntriesPerRead);
    for (uint64_t at = start; at < end;) {
        size_t count = std::min<uint64_t>((end - at) / kPageSize, entries.size());
        std::span<PagemapEntry> part = std::span(entries).first(count);
        read(at, part);
        for (PagemapEntry entry : part) {
            uint64_t categories = categories_of(entry, zero_frame);
            if (wanted(categories, query))
                append(runs, {at, at + kPageSize, categories & query.reported});
            at += kPageSize;
        }
    }
}

void Pagemap::read(uint64_t start, std::span<PagemapEntry> entries) const {
    std::span<std::byte> bytes = std::as_writable_bytes(entries);
    off_t at = static_cast<off_t>(start / kPageSize * sizeof(PagemapEntry));
    while (!bytes.empty()) {
        ssize_t got = ::pread(fd_.get(), bytes.data(), bytes.size(), at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fail_errno(errno, "cannot read page entries at {:#x}", start);
        if (got == 0) {
            std::fill(bytes.begin(), bytes.end(), std::byte{0});
            return;
        }
        at += got;
        bytes = bytes.subspan(static_cast<size_t>(got));
    }
}

std::optional<uint64_t> zero_page_frame() {
    // Reading an untouched private page maps the zero page. A huge one could come instead, where
    // the mapping has room for it; one page has not.
    Mapping page(nullptr, kPageSize, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *static_cast<const volatile std::byte*>(page.data());
    PagemapEntry entry;
    Pagemap own(open_at(AT_FDCWD, "/proc/self/pagemap", O_RDONLY));
    own.read(page.address(), std::span(&entry, 1));
    if (entry.frame() == 0)
        return std::nullopt;
    return entry.frame();
}

}  // namespace crtool::sys
