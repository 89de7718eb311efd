// A file made by O_TMPFILE, which never had a name, keeps its content and its offset.
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = open(".", O_TMPFILE | O_RDWR, 0600);
    if (fd == -1) {
        zdtm::skip("this file system makes no files without a name");
    }
    CHECK_EQ(write(fd, "nameless", 8), 8);

    zdtm::checkpoint_here();

    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK_EQ(st.st_nlink, 0u);
    CHECK_EQ(st.st_size, 8);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 8);
    char buffer[16] = {};
    CHECK_EQ(pread(fd, buffer, sizeof(buffer), 0), 8);
    CHECK_EQ(std::string(buffer), std::string("nameless"));
    zdtm::pass();
}
