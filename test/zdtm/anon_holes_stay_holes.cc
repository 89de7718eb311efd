// Pages that were never touched stay untouched: an area of 1 GiB with few pages in it costs those
// few pages after a restore, with the right bytes, and no huge page was left behind.
#include "memory.h"

namespace {

constexpr size_t kPages = 256 * 1024;
constexpr size_t kTouched[] = {0, 1, 511, 512, 70'000, 70'002, 200'000, kPages - 1};
constexpr size_t kCount = sizeof(kTouched) / sizeof(kTouched[0]);

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int flags = MAP_PRIVATE | MAP_NORESERVE;
    char* memory = zdtm::map_anon(kPages * zdtm::kPage, flags);
    CHECK_SYS(madvise(memory, kPages * zdtm::kPage, MADV_NOHUGEPAGE));
    for (const size_t page : kTouched) {
        zdtm::fill(memory + page * zdtm::kPage, zdtm::kPage, static_cast<unsigned>(page));
    }
    CHECK_EQ(zdtm::count_present(memory, kPages), kCount);
    const long resident = zdtm::status_kb("VmRSS");

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::count_present(memory, kPages), kCount);
    CHECK(zdtm::status_kb("VmRSS") < resident + 4096);
    for (const size_t page : kTouched) {
        CHECK(zdtm::holds(memory + page * zdtm::kPage, zdtm::kPage, static_cast<unsigned>(page)));
    }
    CHECK(zdtm::is_zero(memory + 2 * zdtm::kPage, 500 * zdtm::kPage));
    zdtm::pass();
}
