// An empty UDP datagram that waits to be read is a message like others.
#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = zdtm::bound_socket(zdtm::loopback(AF_INET), SOCK_DGRAM);
    const zdtm::Address own = zdtm::local_name(fd);
    CHECK_SYS(connect(fd, own.raw(), own.size()));
    zdtm::send_text(fd, "before");
    zdtm::send_text(fd, "");
    zdtm::send_text(fd, "after");

    zdtm::checkpoint_here();

    zdtm::expect_text(fd, "before");
    char byte = 0;
    CHECK_EQ(recv(fd, &byte, 1, MSG_DONTWAIT), 0);
    zdtm::expect_text(fd, "after");
    CHECK(recv(fd, &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
    zdtm::pass();
}
