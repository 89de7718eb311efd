// Open file description locks (fcntl(2), F_OFD_SETLK): two open files of one process stand against
// each other, and a forked child holds what its parent does.
#include <errno.h>
#include <fcntl.h>

#include "family.h"

namespace {

int set(int fd, short type, off_t start, off_t length) {
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = start;
    lock.l_len = length;
    return fcntl(fd, F_OFD_SETLK, &lock);
}

void check_refused(int fd, short type, off_t start, off_t length) {
    CHECK_EQ(set(fd, type, start, length), -1);
    CHECK_EQ(errno, EAGAIN);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int one = CHECK_SYS(open("locked", O_CREAT | O_RDWR, 0644));
    const int two = CHECK_SYS(open("locked", O_RDWR));
    CHECK_SYS(set(one, F_WRLCK, 0, 10));
    CHECK_SYS(set(one, F_RDLCK, 20, 10));
    CHECK_SYS(set(two, F_WRLCK, 40, 0));
    auto* shared = zdtm::Shared::make();
    const pid_t child = zdtm::fork_child([&] {
        zdtm::wait_until([&] { return shared->go == 1; });
        CHECK_SYS(set(one, F_WRLCK, 0, 10));
        check_refused(one, F_RDLCK, 50, 1);
    });

    zdtm::checkpoint_here();

    check_refused(two, F_RDLCK, 9, 1);
    CHECK_SYS(set(two, F_WRLCK, 10, 10));
    CHECK_SYS(set(two, F_RDLCK, 25, 1));
    check_refused(two, F_WRLCK, 25, 1);
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
