// A device whose descriptor is all that holds something is refused by name.
#include <fcntl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = open("/dev/fuse", O_RDWR);
    if (fd == -1) {
        zdtm::skip("this machine has no FUSE");
    }

    zdtm::checkpoint_here();

    CHECK_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
    zdtm::pass();
}
