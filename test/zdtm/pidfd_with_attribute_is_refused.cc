// Extended attributes, which the kernel keeps with the process that a pidfd stands for.
#include <sys/xattr.h>

#include "pidfd.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int self = zdtm::open_pidfd(getpid());
    if (fsetxattr(self, "trusted.zdtm", "value", 5, 0) == -1) {
        zdtm::skip("processes have no attributes before Linux 6.17, or one may not set them");
    }

    zdtm::checkpoint_here();

    CHECK_EQ(fgetxattr(self, "trusted.zdtm", nullptr, 0), 5);
    zdtm::pass();
}
