// Parts of one file mapped at several offsets, in another order, twice the same, read-only and
// shared, each show their own part of the file, before and after it is written.
#include <array>

#include "memory.h"

namespace {

constexpr size_t kPages = 12;
constexpr std::array<size_t, 6> kOffsets = {7, 3, 3, 11, 0, 4};

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = CHECK_SYS(open(zdtm::path("file").c_str(), O_RDWR | O_CREAT, 0600));
    char buffer[zdtm::kPage];
    for (unsigned page = 0; page < kPages; page++) {
        zdtm::fill(buffer, sizeof(buffer), page);
        CHECK_EQ(write(fd, buffer, sizeof(buffer)), zdtm::kPage);
    }
    char* base = zdtm::map_anon(kOffsets.size() * zdtm::kPage);
    for (size_t i = 0; i < kOffsets.size(); i++) {
        const int kind = i % 2 == 0 ? MAP_SHARED : MAP_PRIVATE;
        CHECK_SYS(mmap(base + i * zdtm::kPage, zdtm::kPage, PROT_READ, kind | MAP_FIXED, fd,
                       static_cast<off_t>(kOffsets[i] * zdtm::kPage)));
    }
    CHECK_SYS(close(fd));

    zdtm::checkpoint_here();

    for (size_t i = 0; i < kOffsets.size(); i++) {
        const auto seed = static_cast<unsigned>(kOffsets[i]);
        CHECK(zdtm::holds(base + i * zdtm::kPage, zdtm::kPage, seed));
    }
    const int again = CHECK_SYS(open(zdtm::path("file").c_str(), O_RDWR));
    zdtm::fill(buffer, sizeof(buffer), 99);
    CHECK_EQ(pwrite(again, buffer, sizeof(buffer), 3 * zdtm::kPage), zdtm::kPage);
    CHECK(zdtm::holds(base + 1 * zdtm::kPage, zdtm::kPage, 99));
    CHECK(zdtm::holds(base + 2 * zdtm::kPage, zdtm::kPage, 99));
    CHECK(zdtm::holds(base + 5 * zdtm::kPage, zdtm::kPage, 4));
    zdtm::pass();
}
