// Ends of unix connections whose other end is outside of the tree, named external, are given to the
// restore.
#include "outsider.h"
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int stream[2] = {};
    int datagram[2] = {};
    CHECK_SYS(socketpair(AF_UNIX, SOCK_STREAM, 0, stream));
    CHECK_SYS(socketpair(AF_UNIX, SOCK_DGRAM, 0, datagram));
    const zdtm::Outsider outsider([&] { zdtm::echo_all({stream[1], datagram[1]}); });
    for (const int fd : {stream[0], datagram[0]}) {
        outsider.give(fd);
    }
    zdtm::tell_inode("stream", stream[0]);
    zdtm::tell_inode("datagram", datagram[0]);
    CHECK_SYS(close(stream[1]));
    CHECK_SYS(close(datagram[1]));

    zdtm::checkpoint_here();

    for (const int fd : {stream[0], datagram[0]}) {
        char text[10] = {};
        zdtm::send_text(fd, "hello");
        CHECK_EQ(recv(fd, text, sizeof text, 0), 5);
        CHECK_EQ(std::string(text), std::string("hello"));
        CHECK(outsider.shares(fd, fd));
    }
    zdtm::pass();
}
