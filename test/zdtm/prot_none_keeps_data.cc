// Memory without any access right keeps the bytes that were written before, faults while it is
// closed, and shows the bytes once it is opened.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const size_t size = 10 * zdtm::kPage;
    char* memory = zdtm::map_anon(size);
    zdtm::fill(memory, size, 1);
    CHECK_SYS(mprotect(memory + 2 * zdtm::kPage, 5 * zdtm::kPage, PROT_NONE));
    char* reserved = zdtm::map_anon(1 << 30, MAP_PRIVATE | MAP_NORESERVE, PROT_NONE);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::fault_of(memory + 2 * zdtm::kPage, false), SIGSEGV);
    CHECK_EQ(zdtm::fault_of(memory + 6 * zdtm::kPage, true), SIGSEGV);
    CHECK_EQ(zdtm::fault_of(memory + 7 * zdtm::kPage, true), 0);
    CHECK_EQ(zdtm::fault_of(reserved, false), SIGSEGV);
    CHECK_SYS(mprotect(memory + 2 * zdtm::kPage, 5 * zdtm::kPage, PROT_READ));
    CHECK(zdtm::holds(memory, size, 1));
    CHECK_EQ(zdtm::count_present(reserved, (1 << 30) / zdtm::kPage), 0);
    zdtm::pass();
}
