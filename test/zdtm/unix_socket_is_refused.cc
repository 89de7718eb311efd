// A pair of connected unix sockets is refused, not carried yet; it still carries data.
#include <sys/socket.h>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int pair[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    CHECK_EQ(write(pair[0], "in flight", 9), 9);

    zdtm::checkpoint_here();

    char buffer[16] = {};
    CHECK_EQ(read(pair[1], buffer, sizeof(buffer)), 9);
    CHECK_EQ(std::string(buffer), std::string("in flight"));
    zdtm::pass();
}
