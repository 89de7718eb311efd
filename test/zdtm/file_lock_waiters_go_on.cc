// Two processes wait for locks that the root holds, one in flock(2) and one in fcntl(2): they still
// wait after the restore, see no EINTR, and get the locks when these are given up.
#include <fcntl.h>
#include <sys/file.h>

#include "family.h"

namespace {

void set(int fd, int command, short type) {
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    CHECK_SYS(fcntl(fd, command, &lock));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const int whole = CHECK_SYS(open("whole", O_CREAT | O_RDWR, 0644));
    CHECK_SYS(flock(whole, LOCK_EX));
    const int range = CHECK_SYS(open("range", O_CREAT | O_RDWR, 0644));
    set(range, F_SETLK, F_WRLCK);
    const pid_t first = zdtm::fork_child([&] {
        const int own = CHECK_SYS(open("whole", O_RDWR));
        CHECK_SYS(flock(own, LOCK_EX));
        shared->slot[0] = 1;
    });
    const pid_t second = zdtm::fork_child([&] {
        set(range, F_SETLKW, F_WRLCK);
        shared->slot[1] = 1;
    });
    for (pid_t child : {first, second})
        zdtm::wait_until([&] { return zdtm::thread_state(child) == 'S'; });
    zdtm::sleep_ms(20);

    zdtm::checkpoint_here();

    zdtm::sleep_ms(50);
    CHECK_EQ(shared->slot[0], 0);
    CHECK_EQ(shared->slot[1], 0);
    CHECK_SYS(flock(whole, LOCK_UN));
    zdtm::expect_exit(first);
    CHECK_EQ(shared->slot[1], 0);
    set(range, F_SETLK, F_UNLCK);
    zdtm::expect_exit(second);
    zdtm::pass();
}
