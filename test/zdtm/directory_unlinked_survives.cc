// Descriptors of removed directories, one inside of the other, are of directories without a name:
// empty, with their modes, shared by two open files, and nothing can be made in them.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

namespace {

struct stat status_of(int fd) {
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    return st;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(mkdir("gone", 0750));
    CHECK_SYS(mkdir("gone/inside", 0710));
    const int outer = CHECK_SYS(open("gone", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const int again = CHECK_SYS(open("gone", O_RDONLY | O_DIRECTORY));
    const int inner = CHECK_SYS(open("gone/inside", O_RDONLY | O_DIRECTORY));
    const int file = CHECK_SYS(open("gone/inside/file", O_RDWR | O_CREAT, 0640));
    CHECK_EQ(write(file, "content", 7), 7);
    CHECK_SYS(unlink("gone/inside/file"));
    CHECK_SYS(rmdir("gone/inside"));
    CHECK_SYS(rmdir("gone"));

    zdtm::checkpoint_here();

    CHECK(access("gone", F_OK) == -1 && errno == ENOENT);
    CHECK_EQ(status_of(outer).st_mode, S_IFDIR | 0750u);
    CHECK_EQ(status_of(inner).st_mode, S_IFDIR | 0710u);
    CHECK_EQ(status_of(outer).st_nlink, 0u);
    CHECK_EQ(status_of(outer).st_ino, status_of(again).st_ino);
    CHECK(status_of(outer).st_ino != status_of(inner).st_ino);
    CHECK_EQ(fcntl(outer, F_GETFD), FD_CLOEXEC);
    for (const int fd : {outer, inner}) {
        CHECK(mkdirat(fd, "new", 0755) == -1 && errno == ENOENT);
    }
    char text[8] = {};
    CHECK_EQ(pread(file, text, 7, 0), 7);
    CHECK_EQ(std::string(text), std::string("content"));
    CHECK_EQ(status_of(file).st_mode, S_IFREG | 0640u);
    zdtm::pass();
}
