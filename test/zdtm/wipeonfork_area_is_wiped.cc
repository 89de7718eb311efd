// An area marked MADV_WIPEONFORK keeps its bytes for its owner, and reads as zeros in a child that
// is made after the restore; one set back with MADV_KEEPONFORK is inherited as usual.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const size_t size = 3 * zdtm::kPage;
    char* wiped = zdtm::map_anon(size);
    char* kept = zdtm::map_anon(size);
    zdtm::fill(wiped, size, 1);
    zdtm::fill(kept, size, 2);
    CHECK_SYS(madvise(wiped, size, MADV_WIPEONFORK));
    CHECK_SYS(madvise(kept, size, MADV_WIPEONFORK));
    CHECK_SYS(madvise(kept, size, MADV_KEEPONFORK));

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(wiped, size, 1));
    zdtm::expect_exit(zdtm::fork_child([&] {
        CHECK(zdtm::is_zero(wiped, size));
        CHECK(zdtm::holds(kept, size, 2));
    }));
    CHECK(zdtm::holds(wiped, size, 1));
    zdtm::pass();
}
