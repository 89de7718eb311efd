// A datagram that is still being put together (MSG_MORE) is refused.
#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = zdtm::bound_socket(zdtm::loopback(AF_INET), SOCK_DGRAM);
    const zdtm::Address name = zdtm::local_name(fd);
    CHECK_SYS(connect(fd, name.raw(), name.size()));
    CHECK_EQ(send(fd, "one", 3, MSG_MORE), 3);

    zdtm::checkpoint_here();

    CHECK_EQ(send(fd, "two", 3, 0), 3);
    zdtm::expect_text(fd, "onetwo");
    zdtm::pass();
}
