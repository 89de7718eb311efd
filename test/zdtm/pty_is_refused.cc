// A pair of pseudo-terminals is refused, not carried yet; what was typed is still read.
#include <fcntl.h>

#include <cstdlib>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int master = CHECK_SYS(posix_openpt(O_RDWR | O_NOCTTY));
    CHECK_SYS(grantpt(master));
    CHECK_SYS(unlockpt(master));
    const int slave = CHECK_SYS(open(ptsname(master), O_RDWR | O_NOCTTY));
    CHECK_EQ(write(master, "typed\n", 6), 6);

    zdtm::checkpoint_here();

    char buffer[16] = {};
    CHECK_EQ(read(slave, buffer, sizeof(buffer)), 6);
    CHECK_EQ(std::string(buffer), std::string("typed\n"));
    zdtm::pass();
}
