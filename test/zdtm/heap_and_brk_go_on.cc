// The program break is where it was, the heap keeps its content and its name in maps, and brk goes
// on from there: up with fresh zeros, and down again.
#include <cstdlib>

#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const size_t size = 40 * zdtm::kPage;
    char* own = static_cast<char*>(CHECK_SYS(sbrk(static_cast<intptr_t>(size))));
    zdtm::fill(own, size, 1);
    char* allocated = static_cast<char*>(malloc(5000));
    zdtm::fill(allocated, 5000, 2);
    const void* end = sbrk(0);

    zdtm::checkpoint_here();

    CHECK_EQ(sbrk(0), end);
    CHECK(zdtm::holds(own, size, 1));
    CHECK(zdtm::holds(allocated, 5000, 2));
    char* more = static_cast<char*>(CHECK_SYS(sbrk(static_cast<intptr_t>(size))));
    CHECK_EQ(more, end);
    CHECK(zdtm::is_zero(more + zdtm::kPage, size - zdtm::kPage));
    zdtm::fill(more, size, 3);
    CHECK_SYS(sbrk(-static_cast<intptr_t>(size)));
    CHECK_EQ(sbrk(0), end);
    CHECK(zdtm::smaps_of(own).find("[heap]") != std::string::npos);
    free(allocated);
    char* again = static_cast<char*>(malloc(100'000));
    zdtm::fill(again, 100'000, 4);
    CHECK(zdtm::holds(again, 100'000, 4));
    zdtm::pass();
}
