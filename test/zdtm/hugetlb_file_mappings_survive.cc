// A file on hugetlbfs, mapped shared and private: what was written to the file is still there, and
// what was changed in private is so still.
#include <sys/mount.h>
#include <sys/stat.h>

#include "huge.h"

using zdtm::kHuge;

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string place = zdtm::path("huge");
    CHECK_SYS(mkdir(place.c_str(), 0700));
    if (mount("none", place.c_str(), "hugetlbfs", 0, "pagesize=2M") != 0) {
        zdtm::skip("hugetlbfs cannot be mounted");
    }
    const int fd = open((place + "/file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd == -1 || ftruncate(fd, 2 * kHuge) != 0) {
        umount2(place.c_str(), MNT_DETACH);
        zdtm::skip("no file can be made there");
    }
    void* both[2];
    for (int i = 0; i < 2; i++) {
        both[i] = mmap(nullptr, 2 * kHuge, PROT_READ | PROT_WRITE,
                       i == 0 ? MAP_SHARED : MAP_PRIVATE, fd, 0);
        if (both[i] == MAP_FAILED) {
            umount2(place.c_str(), MNT_DETACH);
            zdtm::skip("this kernel gives no huge pages");
        }
    }
    auto* shared = static_cast<char*>(both[0]);
    auto* changed = static_cast<char*>(both[1]);
    zdtm::fill(shared, zdtm::kPage, 1);
    zdtm::fill(changed + kHuge, zdtm::kPage, 2);

    zdtm::checkpoint_here();

    CHECK_SYS(umount2(place.c_str(), MNT_DETACH));
    zdtm::check_huge(shared);
    zdtm::check_huge(changed);
    CHECK(zdtm::holds(shared, zdtm::kPage, 1));
    CHECK(zdtm::holds(changed, zdtm::kPage, 1));
    CHECK(zdtm::holds(changed + kHuge, zdtm::kPage, 2));
    CHECK(zdtm::is_zero(shared + kHuge, zdtm::kPage));
    shared[5] = 'x';
    CHECK_EQ(changed[5], 'x');
    zdtm::pass();
}
