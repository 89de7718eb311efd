// Sockets that wait in each other's queues, and one in its own.
#include "unix.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    int a[2];
    int b[2];
    CHECK_SYS(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, a));
    CHECK_SYS(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, b));
    zdtm::send_fds(a[0], "b for a", {b[1]});
    zdtm::send_fds(b[0], "a for b", {a[1]});
    zdtm::send_fds(a[0], "itself", {a[1]});
    CHECK_SYS(close(a[1]));
    CHECK_SYS(close(b[0]));

    zdtm::checkpoint_here();

    // From b's queue comes the end of a that has both messages.
    const zdtm::Message first = zdtm::receive_message(b[1]);
    CHECK_EQ(first.text, std::string("a for b"));
    CHECK_EQ(first.fds.size(), 1);
    const zdtm::Message second = zdtm::receive_message(first.fds[0]);
    CHECK_EQ(second.text, std::string("b for a"));
    const zdtm::Message third = zdtm::receive_message(first.fds[0]);
    CHECK_EQ(third.text, std::string("itself"));
    zdtm::send_text(a[0], "to the one");
    CHECK_EQ(zdtm::receive_text(third.fds.at(0)), std::string("to the one"));
    zdtm::pass();
}
