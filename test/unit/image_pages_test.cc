// Pages on their way into an image: slots, digests, and what crtool copies itself.
#include <fcntl.h>
#include <sys/mman.h>

#include <catch2/catch.hpp>
#include <thread>

#include "base/error.h"
#include "image/host_page_writer.h"
#include "image/page_verify.h"
#include "image_sample.h"

using namespace crtool;
using namespace crtool::image;

namespace {

constexpr uint64_t kMiB = 1024 * 1024;

struct Store {
    sys::UniqueFd file = sys::memfd("pages");
    LocalPageWriter pages{file.get()};
};

std::string read_text(int fd, uint64_t offset, size_t size) {
    std::string text(size, '\0');
    text.resize(sys::read_at(fd, std::as_writable_bytes(std::span(text.data(), size)), offset));
    return text;
}

void put(int fd, uint64_t offset, const std::string& text) {
    sys::write_at(fd, std::as_bytes(std::span(text.data(), text.size())), offset);
}

}  // namespace

TEST_CASE("pages: every slot is handed out once") {
    Store store;
    std::vector<uint64_t> taken(8 * 1000);
    {
        std::vector<std::jthread> threads;
        for (uint64_t t = 0; t < 8; ++t)
            threads.emplace_back([&store, &taken, t] {
                for (uint64_t i = 0; i < 1000; ++i)
                    taken[t * 1000 + i] = store.pages.reserve(3);
            });
    }
    std::sort(taken.begin(), taken.end());
    for (uint64_t i = 0; i < taken.size(); ++i)
        REQUIRE(taken[i] == 3 * i);
    CHECK(store.pages.pages() == 3 * taken.size());
}

TEST_CASE("pages: digests must cover what is reserved, once") {
    Store store;
    uint64_t first = store.pages.reserve(1);
    uint64_t second = store.pages.reserve(65);
    CHECK_THROWS_AS(store.pages.finish(), Error);
    store.pages.add_digests(second, 65, std::vector<uint64_t>{1, 2});
    CHECK_THROWS_AS(store.pages.finish(), Error);
    CHECK_THROWS_AS(store.pages.add_digests(first, 1, {}), Error);
    store.pages.add_digests(first, 1, std::vector<uint64_t>{3});
    Pieces pieces = store.pages.finish();
    REQUIRE(pieces.stretches_size() == 2);
    CHECK(pieces.stretches(0).page_index() == 0);
    CHECK(pieces.stretches(1).xxh3_size() == 2);
    CHECK(sys::regular_file_size(store.file.get(), "pages") == 66 * kPageSize);
    store.pages.add_digests(first, 1, std::vector<uint64_t>{3});
    CHECK_THROWS_AS(store.pages.finish(), Error);
}

TEST_CASE("pages: zero pages and holes are not stored, all else is") {
    Store store;
    sys::UniqueFd source = sys::memfd("source");
    sys::truncate(source.get(), 40 * kMiB);
    put(source.get(), 0, sample::page(1));
    put(source.get(), kPageSize, std::string(kPageSize, '\0'));
    put(source.get(), 2 * kPageSize, sample::page(2));
    put(source.get(), 20 * kMiB - kPageSize, sample::page(3) + sample::page(4));
    put(source.get(), 40 * kMiB - 1, "x");
    HostPageWriter writer(store.pages);
    auto runs = writer.copy(source.get(), 0, 40 * kMiB);
    REQUIRE(runs.size() == 4);
    CHECK(runs[0].offset == 0);
    CHECK(runs[1].offset == 2 * kPageSize);
    CHECK(runs[2].offset == 20 * kMiB - kPageSize);
    CHECK(runs[2].pages == 2);
    CHECK(runs[3].offset == 40 * kMiB - kPageSize);
    CHECK(store.pages.pages() == 5);
    CHECK(read_text(store.file.get(), runs[2].page_index * kPageSize, 2 * kPageSize) ==
          sample::page(3) + sample::page(4));
    CHECK_NOTHROW(verify_pages(store.file.get(), store.pages.finish(), 1));
}

TEST_CASE("pages: a large object comes over whole") {
    Store store;
    sys::UniqueFd source = sys::memfd("source");
    std::string text;
    for (uint64_t i = 0; i < 3 * kMiB / kPageSize + 7; ++i)
        text += sample::page(i);
    text.resize(text.size() - 100);  // ends within a page
    put(source.get(), 0, text);
    HostPageWriter writer(store.pages);
    Content content = writer.content(9, source.get(), text.size());
    CHECK(content.id() == 9);
    CHECK(content.size() == text.size());
    REQUIRE(content.extents_size() == 1);
    CHECK(content.extents(0).length() == text.size() + 100);
    Pieces pieces = store.pages.finish();
    CHECK(read_text(store.file.get(), 0, text.size()) == text);
    CHECK_NOTHROW(verify_pages(store.file.get(), pieces, 2));
    put(store.file.get(), 2 * kMiB, "!");
    CHECK_THROWS_WITH(verify_pages(store.file.get(), pieces, 2), Catch::Contains("at 0x200000"));
}

TEST_CASE("pages: the source's position stays, and it may be open for writing only") {
    Store store;
    sample::TemporaryDir dir;
    sys::UniqueFd source = sys::open_at(AT_FDCWD, dir.file("f"), O_WRONLY | O_CREAT, 0600);
    sys::write_all(source.get(), sample::page(5));
    sys::write_all(source.get(), "tail");
    HostPageWriter writer(store.pages);
    CHECK(writer.copy(source.get(), 0, 2 * kPageSize).size() == 1);
    sys::write_all(source.get(), "!");
    CHECK(std::filesystem::file_size(dir.file("f")) == kPageSize + 5);
}

TEST_CASE("pages: another address space is a source") {
    Store store;
    auto* memory = static_cast<char*>(
        ::mmap(nullptr, 2 * kPageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memory[0] = 'm';
    ::mprotect(memory, 2 * kPageSize, PROT_NONE);
    sys::UniqueFd source = sys::open_at(AT_FDCWD, "/proc/self/mem", O_RDONLY);
    HostPageWriter writer(store.pages);
    auto address = reinterpret_cast<uint64_t>(memory);
    auto runs = writer.copy(source.get(), address, 2 * kPageSize);
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].offset == address);
    CHECK(runs[0].pages == 1);
    CHECK(read_text(store.file.get(), 0, 1) == "m");
    ::munmap(memory, 2 * kPageSize);
    CHECK_THROWS_AS(writer.copy(source.get(), address, kPageSize), Error);
}
