// A file in /proc of a task outside of the tree, which may be another by the time of the restore.
#include <fcntl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd =
        CHECK_SYS(open(("/proc/" + std::to_string(getppid()) + "/stat").c_str(), O_RDONLY));

    zdtm::checkpoint_here();

    char byte = 0;
    CHECK_EQ(read(fd, &byte, 1), 1);
    zdtm::pass();
}
