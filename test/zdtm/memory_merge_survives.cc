// A process all of whose memory may be merged with equal pages (PR_SET_MEMORY_MERGE, Linux 6.4) but
// for an area that it has taken out; what it maps later may be merged, too. Its parent's may not.
#include <sys/mman.h>
#include <sys/prctl.h>

#include "memory.h"

namespace {

constexpr int kSetMemoryMerge = 67;  // PR_SET_MEMORY_MERGE
constexpr int kGetMemoryMerge = 68;

bool is_mergeable(const void* address) {
    return zdtm::has_vm_flag(address, "mg");
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    if (prctl(kGetMemoryMerge, 0, 0, 0, 0) == -1) {
        zdtm::skip("this kernel merges no memory of whole processes");
    }
    auto* shared = zdtm::Shared::make();
    char* merged = zdtm::map_anon(zdtm::kPage);
    char* apart = zdtm::map_anon(4 * zdtm::kPage) + 2 * zdtm::kPage;
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(prctl(kSetMemoryMerge, 1, 0, 0, 0));
        CHECK_SYS(madvise(apart, zdtm::kPage, MADV_UNMERGEABLE));
        *apart = 'x';
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(prctl(kGetMemoryMerge, 0, 0, 0, 0), 1);
        CHECK(is_mergeable(merged));
        CHECK(!is_mergeable(apart));
        CHECK_EQ(*apart, 'x');
        CHECK(is_mergeable(zdtm::map_anon(zdtm::kPage)));
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK_EQ(prctl(kGetMemoryMerge, 0, 0, 0, 0), 0);
    CHECK(!is_mergeable(merged));
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
