// Dup'ed descriptors are one open file: one offset and one set of status flags; a second open of
// the same file has its own.
#include <fcntl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int first = CHECK_SYS(open("data", O_CREAT | O_EXCL | O_RDWR, 0644));
    CHECK_EQ(write(first, "0123456789", 10), 10);
    const int second = CHECK_SYS(dup2(first, 70));
    const int third = CHECK_SYS(fcntl(first, F_DUPFD, 500));
    const int apart = CHECK_SYS(open("data", O_RDWR));
    CHECK_SYS(lseek(first, 4, SEEK_SET));

    zdtm::checkpoint_here();

    CHECK_EQ(lseek(third, 2, SEEK_CUR), 6);
    CHECK_EQ(lseek(first, 0, SEEK_CUR), 6);
    CHECK_EQ(lseek(second, 0, SEEK_CUR), 6);
    CHECK_EQ(lseek(apart, 0, SEEK_CUR), 0);
    CHECK_SYS(fcntl(second, F_SETFL, O_NONBLOCK));
    CHECK((fcntl(first, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((fcntl(third, F_GETFL) & O_NONBLOCK) != 0);
    CHECK((fcntl(apart, F_GETFL) & O_NONBLOCK) == 0);
    zdtm::pass();
}
