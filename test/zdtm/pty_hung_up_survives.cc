// Files of a slave that were hung up, by the end of the master or by vhangup(2), stay so.
#include <sys/stat.h>

#include "pty.h"

namespace {

void check_hung_up(int fd) {
    char byte = 0;
    CHECK_EQ(read(fd, &byte, 1), 0);
    CHECK_EQ(write(fd, "x", 1), -1);
    CHECK_EQ(errno, EIO);
    CHECK((zdtm::ready(fd, POLLIN) & POLLHUP) != 0);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Pty dead = zdtm::open_pty();
    const zdtm::Pty alive = zdtm::open_pty();
    CHECK_SYS(close(dead.master));
    CHECK_SYS(ioctl(alive.slave, TIOCVHANGUP));
    const int fresh = zdtm::open_slave(alive.master);
    struct stat before = {};
    CHECK_SYS(fstat(dead.slave, &before));
    check_hung_up(dead.slave);

    zdtm::checkpoint_here();

    check_hung_up(dead.slave);
    check_hung_up(alive.slave);
    struct stat after = {};
    CHECK_SYS(fstat(dead.slave, &after));
    CHECK_EQ(before.st_rdev, after.st_rdev);
    zdtm::type(alive.master, "line\n");
    CHECK_EQ(zdtm::read_some(fresh), std::string("line\n"));
    zdtm::pass();
}
