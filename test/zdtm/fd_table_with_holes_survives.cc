// Descriptors up to number 10,000 with wide holes between them are where they were, and the holes
// are still holes.
#include <fcntl.h>
#include <sys/resource.h>

#include <set>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(close_range(3, ~0u, 0));
    rlimit limit = {};
    CHECK_SYS(getrlimit(RLIMIT_NOFILE, &limit));
    if (limit.rlim_max < 10'100) {
        zdtm::skip("the hard limit of open files is below 10,100");
    }
    limit.rlim_cur = 10'100;
    CHECK_SYS(setrlimit(RLIMIT_NOFILE, &limit));
    const int data = CHECK_SYS(open("data", O_CREAT | O_RDWR, 0644));
    CHECK_EQ(write(data, "0123456789", 10), 10);
    const std::set<int> used = {0, 1, 2, 63, 64, 65, 255, 256, 1023, 1024, 4097, 9'999, 10'000};
    for (const int fd : used) {
        if (fd > 2) {
            const int own = CHECK_SYS(open("data", O_RDONLY));
            CHECK_SYS(lseek(own, fd, SEEK_SET));
            CHECK_EQ(dup3(own, fd, fd % 2 == 0 ? O_CLOEXEC : 0), fd);
            CHECK_SYS(close(own));
        }
    }
    CHECK_SYS(close(data));

    zdtm::checkpoint_here();

    for (int fd = 0; fd < 10'100; fd++) {
        const int flags = fcntl(fd, F_GETFD);
        CHECK_EQ(flags != -1, used.contains(fd));
        if (flags != -1 && fd > 2) {
            CHECK_EQ(flags, fd % 2 == 0 ? FD_CLOEXEC : 0);
            CHECK_EQ(lseek(fd, 0, SEEK_CUR), fd);
        }
    }
    CHECK_EQ(CHECK_SYS(dup(0)), 3);
    zdtm::pass();
}
