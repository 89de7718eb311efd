// A descriptor of a namespace that the tree does not live in is refused, and stays what it was.
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int pipe_ends[2];
    CHECK_SYS(pipe(pipe_ends));
    const zdtm::Outsider other([&] {
        CHECK_SYS(unshare(CLONE_NEWUTS));
        CHECK_EQ(write(pipe_ends[1], "x", 1), 1);
        zdtm::hold();
    });
    char byte = 0;
    CHECK_EQ(read(pipe_ends[0], &byte, 1), 1);
    CHECK_SYS(close(pipe_ends[0]));
    CHECK_SYS(close(pipe_ends[1]));
    const std::string name = "/proc/" + std::to_string(other.pid) + "/ns/uts";
    const int fd = CHECK_SYS(open(name.c_str(), O_RDONLY));
    struct stat before = {};
    CHECK_SYS(fstat(fd, &before));

    zdtm::checkpoint_here();

    struct stat after = {};
    CHECK_SYS(fstat(fd, &after));
    CHECK_EQ(after.st_ino, before.st_ino);
    CHECK_SYS(setns(fd, CLONE_NEWUTS));
    zdtm::pass();
}
