// O_PATH descriptors of a file, a directory and a symbolic link still name what they named, and
// give no more access than before.
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(mkdir("dir", 0755));
    CHECK_SYS(close(CHECK_SYS(open("dir/file", O_CREAT | O_WRONLY, 0600))));
    CHECK_SYS(symlink("dir/file", "link"));
    const int file = CHECK_SYS(open("dir/file", O_PATH));
    const int directory = CHECK_SYS(open("dir", O_PATH | O_DIRECTORY | O_CLOEXEC));
    const int link = CHECK_SYS(open("link", O_PATH | O_NOFOLLOW));
    const int flags[] = {fcntl(file, F_GETFL), fcntl(directory, F_GETFL), fcntl(link, F_GETFL)};

    zdtm::checkpoint_here();

    CHECK_EQ(fcntl(file, F_GETFL), flags[0]);
    CHECK_EQ(fcntl(directory, F_GETFL), flags[1]);
    CHECK_EQ(fcntl(link, F_GETFL), flags[2]);
    CHECK((flags[0] & O_PATH) != 0);
    char byte = 0;
    CHECK(read(file, &byte, 1) == -1 && errno == EBADF);
    struct stat by_fd = {};
    struct stat by_name = {};
    CHECK_SYS(fstat(file, &by_fd));
    CHECK_SYS(stat("dir/file", &by_name));
    CHECK_EQ(by_fd.st_ino, by_name.st_ino);
    CHECK_SYS(faccessat(directory, "file", F_OK, 0));
    CHECK_SYS(fchdir(directory));
    CHECK_SYS(fstat(link, &by_fd));
    CHECK(S_ISLNK(by_fd.st_mode));
    char target[64] = {};
    CHECK_SYS(readlinkat(link, "", target, sizeof(target) - 1));
    CHECK_EQ(std::string(target), std::string("dir/file"));
    zdtm::pass();
}
