// A device whose node is gone is opened by the kernel's own name of it with --evasive-devices.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    if (mknod("node", S_IFCHR | 0600, makedev(1, 5)) == -1) {
        zdtm::skip("no device can be made");
    }
    const int zero = open("node", O_RDONLY);
    CHECK_SYS(unlink("node"));
    if (zero == -1) {
        zdtm::skip("devices of this file system cannot be opened");
    }

    zdtm::checkpoint_here();

    char byte = 1;
    CHECK_EQ(read(zero, &byte, 1), 1);
    CHECK_EQ(byte, 0);
    zdtm::pass();
}
