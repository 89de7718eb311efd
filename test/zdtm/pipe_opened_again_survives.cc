// A pipe that was opened again through /proc/self/fd has further open files, with flags of their
// own, one for both directions; all lead to the same data.
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int fds[2];
    CHECK_SYS(pipe(fds));
    const std::string name = "/proc/self/fd/" + std::to_string(fds[0]);
    const int both = CHECK_SYS(open(name.c_str(), O_RDWR));
    const int nonblocking = CHECK_SYS(open(name.c_str(), O_RDONLY | O_NONBLOCK));
    CHECK_EQ(write(fds[1], "abc", 3), 3);

    zdtm::checkpoint_here();

    struct stat st[2];
    CHECK_SYS(fstat(fds[0], &st[0]));
    CHECK_SYS(fstat(both, &st[1]));
    CHECK_EQ(st[0].st_ino, st[1].st_ino);
    CHECK_EQ(fcntl(fds[0], F_GETFL), O_RDONLY);
    CHECK_EQ(fcntl(both, F_GETFL) & O_ACCMODE, O_RDWR);
    CHECK((fcntl(nonblocking, F_GETFL) & O_NONBLOCK) != 0);
    char buffer[8] = {};
    CHECK_EQ(read(nonblocking, buffer, 1), 1);
    CHECK_EQ(write(both, "d", 1), 1);
    CHECK_EQ(read(fds[0], buffer + 1, sizeof(buffer) - 2), 3);
    CHECK_EQ(std::string(buffer), std::string("abcd"));
    CHECK_SYS(close(fds[1]));
    // Through the open file for both directions there still is a writer.
    CHECK(read(nonblocking, buffer, 1) == -1 && errno == EAGAIN);
    zdtm::pass();
}
