// Open files whose names were removed while another remains, beside it or elsewhere: with
// --link-remap each is the same file afterwards, not a copy.
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

namespace {

void check_same(int fd, const char* name) {
    struct stat open_file {};

    struct stat named {};

    CHECK_SYS(fstat(fd, &open_file));
    CHECK_SYS(stat(name, &named));
    CHECK_EQ(open_file.st_ino, named.st_ino);
    CHECK_EQ(open_file.st_nlink, 1u);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(mkdir("a", 0755));
    CHECK_SYS(mkdir("b", 0755));
    const int one = CHECK_SYS(open("a/one", O_CREAT | O_EXCL | O_RDWR, 0600));
    CHECK_SYS(link("a/one", "a/other"));
    CHECK_SYS(unlink("a/one"));
    const int two = CHECK_SYS(open("a/two", O_CREAT | O_EXCL | O_RDWR | O_APPEND, 0600));
    CHECK_SYS(link("a/two", "b/elsewhere"));
    CHECK_SYS(unlink("a/two"));
    CHECK_EQ(write(one, "hello", 5), 5);

    zdtm::checkpoint_here();

    CHECK_EQ(lseek(one, 0, SEEK_CUR), 5);
    check_same(one, "a/other");
    check_same(two, "b/elsewhere");
    CHECK_EQ(write(two, "end", 3), 3);

    struct stat named {};

    CHECK_SYS(stat("b/elsewhere", &named));
    CHECK_EQ(named.st_size, 3);
    zdtm::pass();
}
