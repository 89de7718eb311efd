// A datagram that is still being put together (UDP_CORK) is refused.
#include <netinet/udp.h>

#include "inet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = zdtm::bound_socket(zdtm::loopback(AF_INET), SOCK_DGRAM);
    const zdtm::Address name = zdtm::local_name(fd);
    CHECK_SYS(connect(fd, name.raw(), name.size()));
    zdtm::set_option(fd, IPPROTO_UDP, UDP_CORK, 1);
    zdtm::send_text(fd, "one");
    zdtm::send_text(fd, "two");

    zdtm::checkpoint_here();

    zdtm::set_option(fd, IPPROTO_UDP, UDP_CORK, 0);
    zdtm::expect_text(fd, "onetwo");
    zdtm::pass();
}
