// An open file whose name was removed while another name remains is refused without --link-remap.
#include <fcntl.h>
#include <sys/stat.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = CHECK_SYS(open("first", O_CREAT | O_EXCL | O_RDWR, 0600));
    CHECK_SYS(link("first", "second"));
    CHECK_SYS(unlink("first"));

    zdtm::checkpoint_here();

    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK_EQ(st.st_nlink, 1u);
    zdtm::pass();
}
