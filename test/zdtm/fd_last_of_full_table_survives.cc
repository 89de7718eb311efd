// A table without holes whose last descriptor is one end of a pipe that has no other: for a moment
// the restore has both, and no number for the second that is below those in use.
#include <fcntl.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int null = CHECK_SYS(open("/dev/null", O_RDWR));
    for (int fd = null; fd < 200; fd = CHECK_SYS(dup(null))) {
    }
    int ends[2];
    CHECK_SYS(pipe(ends));
    CHECK_EQ(write(ends[1], "text", 4), 4);
    CHECK_SYS(close(ends[1]));

    zdtm::checkpoint_here();

    char text[9] = {};
    CHECK_EQ(read(ends[0], text, 8), 4);
    CHECK_EQ(std::string(text), std::string("text"));
    CHECK_EQ(read(ends[0], text, 8), 0);
    CHECK_EQ(CHECK_SYS(dup(null)), ends[0] + 1);
    zdtm::pass();
}
