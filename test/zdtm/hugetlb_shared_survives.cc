// Shared memory of huge pages, without a name and of a memfd: tasks still share it, what was never
// touched is still a hole, and the memfd has its seals and size.
#include <sys/stat.h>

#include "family.h"
#include "huge.h"

using zdtm::kHuge;

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* gate = zdtm::Gate::make();
    char* shared = zdtm::map_huge(3, MAP_SHARED);
    const int fd = CHECK_SYS(memfd_create("huge", MFD_CLOEXEC | MFD_HUGETLB | MFD_ALLOW_SEALING));
    CHECK_SYS(ftruncate(fd, 2 * kHuge));
    char* named = zdtm::map_huge(2, MAP_SHARED, fd);
    CHECK_SYS(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    zdtm::fill(shared, kHuge, 1);
    zdtm::fill(shared + 2 * kHuge + zdtm::kPage, zdtm::kPage, 2);
    zdtm::fill(named + kHuge, zdtm::kPage, 3);
    const pid_t child = zdtm::fork_child([&] {
        gate->wait();
        CHECK(zdtm::holds(shared, kHuge, 1));
        CHECK(zdtm::holds(named + kHuge, zdtm::kPage, 3));
        shared[9] = named[9] = 'c';
    });
    gate->expect(1);

    zdtm::checkpoint_here();

    zdtm::check_huge(shared);
    zdtm::check_huge(named);
    CHECK(zdtm::holds(shared, kHuge, 1));
    CHECK(!zdtm::present(shared + kHuge));
    CHECK(zdtm::is_zero(shared + 2 * kHuge, zdtm::kPage));
    CHECK(zdtm::holds(shared + 2 * kHuge + zdtm::kPage, zdtm::kPage, 2));
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK_EQ(st.st_size, 2 * kHuge);
    CHECK_EQ(st.st_blksize, kHuge);
    CHECK_EQ(fcntl(fd, F_GET_SEALS), F_SEAL_SHRINK);
    CHECK(zdtm::is_zero(named, kHuge));
    gate->open();
    zdtm::expect_exit(child);
    CHECK_EQ(shared[9], 'c');
    CHECK_EQ(named[9], 'c');
    zdtm::pass();
}
