// Room for the content of memory: on tmpfs, where it comes in huge pages, and elsewhere.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "sys/fd.h"
#include "sys/file_calls.h"

using namespace crtool;

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kStart = 3 * kPage;
constexpr uint64_t kBytes = (9 << 20) + kPage;

}  // namespace

TEST_CASE("allocate: keeps what is there, and gives zeros") {
    std::string directory = GENERATE("/dev/shm", "/tmp");
    std::string path = directory + "/crtool-allocate-XXXXXX";
    sys::UniqueFd file(::mkstemp(path.data()));
    REQUIRE(file.valid());
    ::unlink(path.c_str());
    std::string before(kStart, 'b');
    sys::write_all(file.get(), before);
    sys::allocate(file.get(), kStart, kBytes);

    struct stat st {};

    REQUIRE(::fstat(file.get(), &st) == 0);
    CHECK(static_cast<uint64_t>(st.st_size) == kStart + kBytes);
    CHECK(static_cast<uint64_t>(st.st_blocks) * 512 >= kStart + kBytes);
    std::string text(kStart + kBytes, 'x');
    REQUIRE(::pread(file.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    CHECK(text == before + std::string(kBytes, '\0'));
}

TEST_CASE("allocate: a file that cannot be written is an error") {
    sys::UniqueFd file = sys::open_at(AT_FDCWD, "/proc/self/exe", O_RDONLY);
    CHECK_THROWS_AS(sys::allocate(file.get(), 0, kBytes), Error);
}
