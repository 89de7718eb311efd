// A mapping sealed with mseal keeps its content and stays sealed: it can be written, but neither
// unmapped nor moved, and its rights cannot be changed.
#include <sys/syscall.h>

#include "memory.h"

namespace {

constexpr long kMseal = 462;  // Linux 6.10

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const size_t size = 4 * zdtm::kPage;
    char* memory = zdtm::map_anon(size);
    char* readable = zdtm::map_anon(size);
    zdtm::fill(memory, size, 1);
    zdtm::fill(readable, size, 2);
    CHECK_SYS(mprotect(readable, size, PROT_READ));
    if (syscall(kMseal, memory, size, 0UL) != 0) {
        zdtm::skip("this kernel has no mseal");
    }
    CHECK_SYS(syscall(kMseal, readable, size, 0UL));

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(memory, size, 1));
    CHECK(zdtm::holds(readable, size, 2));
    memory[0] = 'x';
    CHECK_EQ(mprotect(memory, size, PROT_READ), -1);
    CHECK_EQ(errno, EPERM);
    CHECK_EQ(mprotect(readable, size, PROT_READ | PROT_WRITE), -1);
    CHECK_EQ(munmap(memory + zdtm::kPage, zdtm::kPage), -1);
    CHECK_EQ(errno, EPERM);
    CHECK_EQ(mremap(memory, size, 2 * size, MREMAP_MAYMOVE), MAP_FAILED);
    CHECK_EQ(zdtm::fault_of(readable, true), SIGSEGV);
    zdtm::pass();
}
