// POSIX locks: ranges for reading and writing, those of a child that works on an inherited
// descriptor, and locks of a file that the process has opened twice and mapped.
#include <fcntl.h>
#include <sys/mman.h>

#include "family.h"

namespace {

struct flock range(short type, off_t start, off_t length) {
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = start;
    lock.l_len = length;
    return lock;
}

void take(int fd, short type, off_t start, off_t length) {
    struct flock lock = range(type, start, length);
    CHECK_SYS(fcntl(fd, F_SETLK, &lock));
}

// The first lock that stands against writing in the range, as somebody else sees it.
void check_seen(int fd, off_t start, off_t length, const struct flock& want, pid_t owner) {
    struct flock seen = range(F_WRLCK, start, length);
    CHECK_SYS(fcntl(fd, F_GETLK, &seen));
    CHECK_EQ(seen.l_type, want.l_type);
    CHECK_EQ(seen.l_start, want.l_start);
    CHECK_EQ(seen.l_len, want.l_len);
    CHECK_EQ(seen.l_pid, owner);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    const int fd = CHECK_SYS(open("locked", O_CREAT | O_RDWR, 0644));
    CHECK_SYS(ftruncate(fd, 8192));
    const int again = CHECK_SYS(open("locked", O_RDWR));
    void* map = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0);
    CHECK(map != MAP_FAILED);
    take(fd, F_WRLCK, 10, 20);
    take(fd, F_RDLCK, 100, 50);
    take(again, F_WRLCK, 4096, 0);
    const pid_t owner = getpid();
    const pid_t child = zdtm::fork_child([&] {
        take(fd, F_WRLCK, 1000, 1);
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; });
        check_seen(fd, 0, 50, range(F_WRLCK, 10, 20), owner);
        check_seen(fd, 50, 500, range(F_RDLCK, 100, 50), owner);
        check_seen(fd, 2000, 0, range(F_WRLCK, 4096, 0), owner);
        struct flock none = range(F_WRLCK, 30, 70);
        CHECK_SYS(fcntl(fd, F_GETLK, &none));
        CHECK_EQ(none.l_type, F_UNLCK);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    check_seen(fd, 500, 1000, range(F_WRLCK, 1000, 1), child);
    shared->go = 1;
    zdtm::expect_exit(child);
    // As before: any close of the file drops all of them.
    close(again);
    const pid_t other = zdtm::fork_child([&] { take(fd, F_WRLCK, 0, 0); });
    zdtm::expect_exit(other);
    zdtm::pass();
}
