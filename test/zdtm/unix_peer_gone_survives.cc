// Sockets whose other end has been closed: what it has sent is still there, then comes the end; a
// reset is heard of where it has thrown data away; datagrams find nobody.
#include <poll.h>

#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int stream[2];
    int packets[2];
    int reset[2];
    int datagrams[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, stream));
    CHECK_SYS(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, packets));
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, reset));
    CHECK_SYS(socketpair(AF_UNIX, SOCK_DGRAM, 0, datagrams));
    zdtm::send_text(stream[1], "a will");
    zdtm::send_text(packets[1], "one");
    zdtm::send_text(packets[1], "two");
    zdtm::send_text(reset[0], "never read");
    zdtm::send_text(datagrams[1], "from one who is gone");
    for (auto* pair : {stream, packets, reset, datagrams}) {
        CHECK_SYS(close(pair[1]));
    }

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::receive_text(stream[0]), std::string("a will"));
    CHECK_EQ(zdtm::receive_text(stream[0]), std::string());
    CHECK_EQ(send(stream[0], "x", 1, MSG_NOSIGNAL), -1);
    CHECK_EQ(errno, EPIPE);
    CHECK_EQ(zdtm::receive_text(packets[0]), std::string("one"));
    CHECK_EQ(zdtm::receive_text(packets[0]), std::string("two"));
    CHECK_EQ(zdtm::receive_text(packets[0]), std::string());
    char byte = 0;
    CHECK_EQ(recv(reset[0], &byte, 1, MSG_DONTWAIT), -1);
    CHECK_EQ(errno, ECONNRESET);
    CHECK_EQ(recv(reset[0], &byte, 1, MSG_DONTWAIT), 0);
    CHECK_EQ(zdtm::receive_text(datagrams[0]), std::string("from one who is gone"));
    CHECK_EQ(send(datagrams[0], "x", 1, MSG_NOSIGNAL), -1);
    CHECK_EQ(errno, ECONNREFUSED);
    zdtm::pass();
}
