// A locked area stays locked and resident; one locked with MLOCK_ONFAULT stays so, with the pages
// that were never touched still absent, and a later touch locks its page.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const size_t pages = 8;
    const size_t size = pages * zdtm::kPage;
    char* locked = zdtm::map_anon(size);
    char* on_fault = zdtm::map_anon(size);
    char* plain = zdtm::map_anon(size);
    CHECK_SYS(mlock(locked, size));
    CHECK_SYS(mlock2(on_fault, size, MLOCK_ONFAULT));
    zdtm::fill(locked, size, 1);
    zdtm::fill(on_fault, zdtm::kPage, 2);
    zdtm::fill(plain, size, 3);
    CHECK_EQ(zdtm::status_kb("VmLck"), 64);

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::status_kb("VmLck"), 64);
    CHECK_EQ(zdtm::count_present(locked, pages), pages);
    CHECK_EQ(zdtm::count_present(on_fault, pages), 1);
    CHECK(zdtm::has_vm_flag(locked, "lo") && !zdtm::locks_on_fault(locked));
    CHECK(zdtm::locks_on_fault(on_fault));
    CHECK(!zdtm::has_vm_flag(plain, "lo"));
    CHECK(zdtm::holds(locked, size, 1));
    CHECK(zdtm::holds(on_fault, zdtm::kPage, 2));
    on_fault[3 * zdtm::kPage] = 1;
    CHECK_EQ(zdtm::field(zdtm::smaps_of(on_fault), "Locked"), "8 kB");
    // Dropping a locked page is refused; that of an unlocked one is not.
    CHECK_EQ(madvise(locked, size, MADV_DONTNEED), -1);
    CHECK_SYS(munlock(locked, size));
    CHECK_EQ(zdtm::status_kb("VmLck"), 32);
    zdtm::pass();
}
