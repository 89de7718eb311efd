// A pipe without a writer: what is left is read, then comes the end of file; one without anything
// left is at its end at once.
#include <poll.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int left[2];
    int empty[2];
    CHECK_SYS(pipe(left));
    CHECK_SYS(pipe(empty));
    CHECK_EQ(write(left[1], "remains", 7), 7);
    CHECK_SYS(close(left[1]));
    CHECK_SYS(close(empty[1]));

    zdtm::checkpoint_here();

    char buffer[16] = {};
    CHECK_EQ(read(left[0], buffer, sizeof(buffer)), 7);
    CHECK_EQ(std::string(buffer), std::string("remains"));
    CHECK_EQ(read(left[0], buffer, sizeof(buffer)), 0);
    CHECK_EQ(read(empty[0], buffer, sizeof(buffer)), 0);
    pollfd poll_fd = {empty[0], POLLIN, 0};
    CHECK_EQ(poll(&poll_fd, 1, 0), 1);
    CHECK_EQ(poll_fd.revents, POLLHUP);
    zdtm::pass();
}
