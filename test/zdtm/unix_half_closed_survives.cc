// Streams that were shut down in one direction: what was sent before is read, then comes the end;
// the other direction goes on.
#include <csignal>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    for (int type : {SOCK_STREAM, SOCK_SEQPACKET}) {
        int pair[2];
        CHECK_SYS(socketpair(AF_UNIX, type, 0, pair));
        zdtm::send_text(pair[0], "last words");
        CHECK_SYS(shutdown(pair[0], SHUT_WR));
        if (type == SOCK_SEQPACKET) {
            continue;
        }
        int other[2];
        CHECK_SYS(socketpair(AF_UNIX, type, 0, other));
        CHECK_SYS(shutdown(other[0], SHUT_RD));

        zdtm::checkpoint_here();

        CHECK_EQ(zdtm::receive_text(pair[1]), std::string("last words"));
        CHECK_EQ(zdtm::receive_text(pair[1]), std::string());
        zdtm::send_text(pair[1], "still here");
        CHECK_EQ(zdtm::receive_text(pair[0]), std::string("still here"));
        CHECK_EQ(send(pair[0], "x", 1, MSG_NOSIGNAL), -1);
        CHECK_EQ(errno, EPIPE);
        CHECK_EQ(send(other[1], "x", 1, MSG_NOSIGNAL), -1);
        CHECK_EQ(errno, EPIPE);
        zdtm::send_text(other[0], "one way");
        CHECK_EQ(zdtm::receive_text(other[1]), std::string("one way"));
    }
    zdtm::pass();
}
