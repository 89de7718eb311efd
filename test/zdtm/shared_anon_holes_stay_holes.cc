// Shared anonymous memory that is mostly untouched stays so: after a restore the pages in memory
// are the ones that had been written, as mincore tells.
#include <vector>

#include "memory.h"

namespace {

constexpr size_t kPages = 64 * 1024;
constexpr size_t kTouched[] = {0, 3, 4, 700, 33'000, kPages - 1};

size_t resident(char* memory) {
    std::vector<unsigned char> marks(kPages);
    CHECK_SYS(mincore(memory, kPages * zdtm::kPage, marks.data()));
    size_t count = 0;
    for (const unsigned char mark : marks) {
        count += mark & 1;
    }
    return count;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* memory = zdtm::map_anon(kPages * zdtm::kPage, MAP_SHARED);
    for (const size_t page : kTouched) {
        zdtm::fill(memory + page * zdtm::kPage, zdtm::kPage, static_cast<unsigned>(page));
    }
    const size_t before = resident(memory);

    zdtm::checkpoint_here();

    CHECK(resident(memory) <= before);
    for (const size_t page : kTouched) {
        CHECK(zdtm::holds(memory + page * zdtm::kPage, zdtm::kPage, static_cast<unsigned>(page)));
    }
    CHECK(zdtm::is_zero(memory + 5 * zdtm::kPage, 600 * zdtm::kPage));
    zdtm::pass();
}
