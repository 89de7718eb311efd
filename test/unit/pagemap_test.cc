// Pages of this process: by the ioctl, and the same from the entries.
#include "sys/pagemap.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "sys/mapping.h"

using namespace crtool::sys;

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kKnown = PAGE_IS_PRESENT | PAGE_IS_SWAPPED | PAGE_IS_FILE;

Pagemap own_pagemap() {
    return Pagemap(open_at(AT_FDCWD, "/proc/self/pagemap", O_RDONLY));
}

std::vector<PageRun> scan(uint64_t start, uint64_t end, const PageQuery& query) {
    std::vector<PageRun> runs;
    if (!own_pagemap().try_scan(start, end, query, runs))
        own_pagemap().read_scan(start, end, query, runs);
    return runs;
}

// Pages that hold data, as a dump asks for them.
PageQuery stored_pages() {
    return {.required = 0,
            .excluded = PAGE_IS_FILE,
            .any_of = PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
            .reported = kKnown};
}

// 64 pages, of which 1, 2, 3, 10 and 63 are touched.
Mapping touched_memory() {
    Mapping memory(nullptr, 64 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(::madvise(memory.data(), memory.size(), MADV_NOHUGEPAGE) == 0);
    for (uint64_t page : {1, 2, 3, 10, 63})
        memory.data()[page * kPage] = std::byte{1};
    return memory;
}

std::vector<PageRun> expected_runs(uint64_t base) {
    return {{base + kPage, base + 4 * kPage, PAGE_IS_PRESENT},
            {base + 10 * kPage, base + 11 * kPage, PAGE_IS_PRESENT},
            {base + 63 * kPage, base + 64 * kPage, PAGE_IS_PRESENT}};
}

}  // namespace

TEST_CASE("pagemap: touched pages as runs") {
    Mapping memory = touched_memory();
    uint64_t base = memory.address();
    std::vector<PageRun> runs = scan(base, base + memory.size(), stored_pages());
    CHECK(runs == expected_runs(base));
}

TEST_CASE("pagemap: the entries tell the same") {
    Mapping memory = touched_memory();
    uint64_t base = memory.address();
    std::vector<PageRun> runs;
    own_pagemap().read_scan(base, base + memory.size(), stored_pages(), runs);
    CHECK(runs == expected_runs(base));
    std::vector<PagemapEntry> entries(64);
    own_pagemap().read(base, entries);
    CHECK(entries[1].present());
    CHECK_FALSE(entries[0].present());
    CHECK_FALSE(entries[1].file());
    CHECK(entries[0].frame() == 0);
}

// Kernels from 6.7 to 6.14 scan, and do not know guard regions.
TEST_CASE("pagemap: a category that the kernel may not know") {
    Mapping memory = touched_memory();
    uint64_t base = memory.address();
    PageQuery query = stored_pages();
    query.any_of |= PAGE_IS_GUARD;
    query.reported |= PAGE_IS_GUARD;
    CHECK(scan(base, base + memory.size(), query) == expected_runs(base));
    query.required = PAGE_IS_GUARD;
    CHECK(scan(base, base + memory.size(), query).empty());
}

TEST_CASE("pagemap: shared memory counts as file pages") {
    Mapping memory(nullptr, 4 * kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *memory.data() = std::byte{1};
    uint64_t base = memory.address();
    PageQuery files{.required = PAGE_IS_FILE | PAGE_IS_PRESENT, .reported = kKnown};
    std::vector<PageRun> expected{{base, base + kPage, PAGE_IS_FILE | PAGE_IS_PRESENT}};
    CHECK(scan(base, base + 4 * kPage, files) == expected);
    std::vector<PageRun> read;
    own_pagemap().read_scan(base, base + 4 * kPage, files, read);
    CHECK(read == expected);
    CHECK(scan(base, base + 4 * kPage, stored_pages()).empty());
}

TEST_CASE("pagemap: more runs than fit one call") {
    constexpr uint64_t kPages = 80'000;
    Mapping memory(nullptr, kPages * kPage, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(::madvise(memory.data(), memory.size(), MADV_NOHUGEPAGE) == 0);
    for (uint64_t page = 0; page < kPages; page += 2)
        memory.data()[page * kPage] = std::byte{1};
    uint64_t base = memory.address();
    std::vector<PageRun> runs = scan(base, base + memory.size(), stored_pages());
    REQUIRE(runs.size() == kPages / 2);
    CHECK(runs.back().start == base + (kPages - 2) * kPage);
}

TEST_CASE("pagemap: pages read and never written are the zero page") {
    Mapping memory(nullptr, 2 * kPage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    static_cast<void>(*static_cast<volatile std::byte*>(memory.data()));
    uint64_t base = memory.address();
    PageQuery zero{.required = PAGE_IS_PFNZERO, .reported = PAGE_IS_PFNZERO};
    std::vector<PageRun> expected{{base, base + kPage, PAGE_IS_PFNZERO}};
    CHECK(scan(base, base + 2 * kPage, zero) == expected);
    if (!zero_page_frame())
        return;  // frame numbers are hidden from us
    std::vector<PageRun> read;
    own_pagemap().read_scan(base, base + 2 * kPage, zero, read);
    CHECK(read == expected);
}

TEST_CASE("pagemap: the whole address space at once") {
    Mapping memory = touched_memory();
    std::vector<PageRun> runs;
    if (!own_pagemap().try_scan(0, kUserEnd, stored_pages(), runs))
        return;  // such a kernel reads all entries
    CHECK(runs.size() > 3);
    for (size_t i = 1; i < runs.size(); ++i)
        CHECK(runs[i - 1].end <= runs[i].start);
}

TEST_CASE("pagemap: the scan itself brings no page in") {
    Mapping memory(nullptr, 8 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t base = memory.address();
    scan(base, base + memory.size(), stored_pages());
    CHECK(scan(base, base + memory.size(), stored_pages()).empty());
}
