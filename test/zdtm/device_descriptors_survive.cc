// Descriptors of /dev/null, /dev/zero, /dev/full, /dev/urandom and /dev/random behave as theirs.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "zdtm.h"

namespace {

dev_t device_of(int fd) {
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK(S_ISCHR(st.st_mode));
    return st.st_rdev;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int null = CHECK_SYS(open("/dev/null", O_RDWR | O_APPEND));
    const int zero = CHECK_SYS(open("/dev/zero", O_RDONLY));
    const int full = CHECK_SYS(open("/dev/full", O_WRONLY | O_CLOEXEC));
    const int urandom = CHECK_SYS(open("/dev/urandom", O_RDONLY));
    const int random = CHECK_SYS(open("/dev/random", O_RDONLY | O_NONBLOCK));

    zdtm::checkpoint_here();

    char buffer[16] = "not zero";
    CHECK_EQ(read(null, buffer, sizeof(buffer)), 0);
    CHECK_EQ(write(null, buffer, sizeof(buffer)), 16);
    CHECK_EQ(read(zero, buffer, sizeof(buffer)), 16);
    CHECK_EQ(std::string(buffer, sizeof(buffer)), std::string(16, '\0'));
    CHECK(write(full, buffer, 1) == -1 && errno == ENOSPC);
    CHECK_EQ(read(urandom, buffer, sizeof(buffer)), 16);
    CHECK_EQ(device_of(null), makedev(1, 3));
    CHECK_EQ(device_of(zero), makedev(1, 5));
    CHECK_EQ(device_of(full), makedev(1, 7));
    CHECK_EQ(device_of(random), makedev(1, 8));
    CHECK_EQ(device_of(urandom), makedev(1, 9));
    CHECK((fcntl(null, F_GETFL) & O_APPEND) != 0);
    CHECK((fcntl(random, F_GETFL) & O_NONBLOCK) != 0);
    CHECK_EQ(fcntl(full, F_GETFD), FD_CLOEXEC);
    zdtm::pass();
}
