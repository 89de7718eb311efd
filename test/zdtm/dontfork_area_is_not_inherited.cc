// An area marked MADV_DONTFORK is still there for its owner, and still missing in a child that is
// made after the restore. A child made before has none either.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const size_t size = 3 * zdtm::kPage;
    char* memory = zdtm::map_anon(size);
    zdtm::fill(memory, size, 1);
    CHECK_SYS(madvise(memory, size, MADV_DONTFORK));
    const pid_t early = zdtm::fork_child([&] {
        CHECK_EQ(zdtm::fault_of(memory, false), SIGSEGV);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(zdtm::fault_of(memory, false), SIGSEGV);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(memory, size, 1));
    const pid_t late = zdtm::fork_child([&] {
        CHECK_EQ(zdtm::fault_of(memory, false), SIGSEGV);
        CHECK_EQ(zdtm::fault_of(memory + size - 1, false), SIGSEGV);
    });
    shared->go = 1;
    zdtm::expect_exit(late);
    zdtm::expect_exit(early);
    CHECK(zdtm::holds(memory, size, 1));
    zdtm::pass();
}
