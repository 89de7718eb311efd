// A task that holds a POSIX lock is refused without --file-locks; it holds the lock afterwards.
#include <fcntl.h>

#include "family.h"

namespace {

struct flock whole_file() {
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = CHECK_SYS(open("locked", O_CREAT | O_RDWR, 0644));
    struct flock lock = whole_file();
    CHECK_SYS(fcntl(fd, F_SETLK, &lock));

    zdtm::checkpoint_here();

    const pid_t owner = getpid();
    const pid_t other = zdtm::fork_child([=] {
        struct flock seen = whole_file();
        CHECK_SYS(fcntl(fd, F_GETLK, &seen));
        CHECK_EQ(seen.l_type, F_WRLCK);
        CHECK_EQ(seen.l_pid, owner);
    });
    zdtm::expect_exit(other);
    zdtm::pass();
}
