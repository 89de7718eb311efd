// An area made with MAP_GROWSDOWN keeps its content, still grows when the page below is touched,
// and still stops where the guard gap to its lower neighbour begins.
#include "memory.h"

namespace {

constexpr size_t kGap = 256 * zdtm::kPage;  // the kernel's default stack_guard_gap

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* base = zdtm::map_anon(4 * kGap, MAP_PRIVATE | MAP_NORESERVE, PROT_NONE);
    char* top = base + 3 * kGap;
    CHECK_SYS(munmap(base + zdtm::kPage, 4 * kGap - zdtm::kPage));
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED_NOREPLACE;
    CHECK_SYS(mmap(top, 4 * zdtm::kPage, PROT_READ | PROT_WRITE, flags, -1, 0));
    CHECK_SYS(mprotect(base, zdtm::kPage, PROT_READ | PROT_WRITE));
    zdtm::fill(top, 4 * zdtm::kPage, 1);
    zdtm::fill(top - 3 * zdtm::kPage, zdtm::kPage, 2);
    base[0] = 'b';

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(top, 4 * zdtm::kPage, 1));
    CHECK(zdtm::holds(top - 3 * zdtm::kPage, zdtm::kPage, 2));
    CHECK(zdtm::has_vm_flag(top, "gd"));
    CHECK_EQ(base[0], 'b');
    for (char* page = top - 4 * zdtm::kPage; page > base + kGap + 2 * zdtm::kPage;
         page -= zdtm::kPage) {
        CHECK_EQ(zdtm::fault_of(page, true), 0);
    }
    CHECK_EQ(zdtm::fault_of(base + kGap / 2, true), SIGSEGV);
    zdtm::pass();
}
