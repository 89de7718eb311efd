// An empty datagram that waits to be read is a message like others.
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int pair[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
    zdtm::send_text(pair[0], "");
    zdtm::send_text(pair[0], "text");

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::receive_text(pair[1]), std::string());
    CHECK_EQ(zdtm::receive_text(pair[1]), std::string("text"));
    zdtm::expect_nothing(pair[1]);
    zdtm::pass();
}
