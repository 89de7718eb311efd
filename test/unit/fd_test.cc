// Owned descriptors and mappings.
#include "sys/fd.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "sys/mapping.h"

using namespace crtool::sys;

namespace {

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}

}  // namespace

TEST_CASE("fd: owned, moved, released") {
    UniqueFd file = memfd("fd-test");
    int number = file.get();
    CHECK((::fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
    UniqueFd moved = std::move(file);
    CHECK(moved.get() == number);
    moved.reset();
    CHECK_FALSE(is_open(number));
    int kept = memfd("fd-test").release();
    CHECK(is_open(kept));
    UniqueFd again(kept);
}

TEST_CASE("fd: whole files are written and read") {
    UniqueFd file = memfd("fd-test");
    std::string text(100'000, 'x');
    write_all(file.get(), text);
    REQUIRE(::lseek(file.get(), 0, SEEK_SET) == 0);
    CHECK(read_all(file.get()) == text);
    truncate(file.get(), 10);
    REQUIRE(::lseek(file.get(), 0, SEEK_SET) == 0);
    UniqueFd copy = duplicate(file.get());
    CHECK(read_all(copy.get()).size() == 10);
}

TEST_CASE("fd: what is missing is a value or an error, as asked") {
    CHECK(try_open_at(AT_FDCWD, "/nowhere", O_RDONLY) == std::nullopt);
    CHECK(try_read_file_at(AT_FDCWD, "/nowhere") == std::nullopt);
    CHECK(read_link_at(AT_FDCWD, "/nowhere") == std::nullopt);
    CHECK_THROWS_AS(open_at(AT_FDCWD, "/nowhere", O_RDONLY), crtool::Error);
    CHECK_THROWS_AS(read_file_at(AT_FDCWD, "/nowhere"), crtool::Error);
}

TEST_CASE("mapping: owned memory") {
    Mapping first(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    first.data()[4095] = std::byte{7};
    uint64_t address = first.address();
    Mapping second = std::move(first);
    CHECK(second.address() == address);
    CHECK(second.data()[4095] == std::byte{7});
    CHECK(first.data() == nullptr);  // NOLINT(bugprone-use-after-move): what is left is the point
    CHECK_THROWS_AS(Mapping(nullptr, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                    crtool::Error);
}
