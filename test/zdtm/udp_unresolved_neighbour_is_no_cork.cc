// A datagram that the kernel still has because it asks who the neighbour is: the socket is carried
// like others. It is on its way, and nothing is being put together.
#include <linux/sockios.h>

#include "tun.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string name = "zarp" + std::to_string(getpid());
    const int tap = zdtm::open_tun(O_NONBLOCK);
    zdtm::attach(tap, name, IFF_TAP | IFF_NO_PI);
    const int fd = zdtm::bound_socket(zdtm::loopback(AF_INET), SOCK_DGRAM);
    const zdtm::Address own = zdtm::local_name(fd);
    const int sender = CHECK_SYS(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    zdtm::add_tun_address(sender, name);
    sockaddr_in neighbour{};
    neighbour.sin_family = AF_INET;
    neighbour.sin_port = htons(9);
    neighbour.sin_addr.s_addr = htonl(zdtm::tun_network() + 2);
    CHECK_EQ(sendto(sender, "far", 3, 0, reinterpret_cast<sockaddr*>(&neighbour), sizeof neighbour),
             3);
    int queued = 0;
    CHECK_SYS(ioctl(sender, SIOCOUTQ, &queued));
    CHECK(queued > 0);

    zdtm::checkpoint_here();

    CHECK_EQ(sendto(sender, "near", 4, 0, own.raw(), own.size()), 4);
    zdtm::expect_text(fd, "near");
    zdtm::pass();
}
