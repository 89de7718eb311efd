// A tap interface that goes with its descriptor: after a dump it is made again with its number and
// settings, and still goes with its descriptor.
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if_arp.h>

#include "tun.h"

namespace {

void set_up(int control, const std::string& name) {
    ifreq request = zdtm::request_of(name);
    request.ifr_mtu = 1234;
    CHECK_SYS(ioctl(control, SIOCSIFMTU, &request));
    request.ifr_qlen = 77;
    CHECK_SYS(ioctl(control, SIOCSIFTXQLEN, &request));
    request.ifr_hwaddr = {ARPHRD_ETHER, {2, 1, 2, 3, 4, 5}};
    CHECK_SYS(ioctl(control, SIOCSIFHWADDR, &request));
    request.ifr_flags = IFF_UP | IFF_MULTICAST;
    CHECK_SYS(ioctl(control, SIOCSIFFLAGS, &request));
}

bool has_feature(int control, const std::string& name, uint32_t command) {
    ethtool_value value = {command, 0};
    ifreq request = zdtm::request_of(name);
    request.ifr_data = reinterpret_cast<char*>(&value);
    CHECK_SYS(ioctl(control, SIOCETHTOOL, &request));
    return value.data != 0;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string name = "ztap" + std::to_string(getpid());
    const int fd = zdtm::open_tun(O_NONBLOCK | O_CLOEXEC);
    zdtm::attach(fd, name, IFF_TAP | IFF_NO_PI | IFF_VNET_HDR);
    CHECK_SYS(ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4));
    const int header_bytes = 12, sndbuf = 100'000;
    CHECK_SYS(ioctl(fd, TUNSETVNETHDRSZ, &header_bytes));
    CHECK_SYS(ioctl(fd, TUNSETSNDBUF, &sndbuf));
    CHECK_SYS(ioctl(fd, TUNSETOWNER, 12345));
    const int control = CHECK_SYS(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    set_up(control, name);
    CHECK(has_feature(control, name, ETHTOOL_GTSO));
    const std::string flags = zdtm::link_text(name, "flags");
    const unsigned index = if_nametoindex(name.c_str());

    zdtm::checkpoint_here();

    CHECK_EQ(if_nametoindex(name.c_str()), index);
    CHECK_EQ(zdtm::tun_flags(fd, name), IFF_TAP | IFF_NO_PI | IFF_VNET_HDR);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    CHECK_EQ(zdtm::tun_number(fd, TUNGETVNETHDRSZ), header_bytes);
    CHECK_EQ(zdtm::tun_number(fd, TUNGETSNDBUF), sndbuf);
    CHECK(has_feature(control, name, ETHTOOL_GTXCSUM));
    CHECK(has_feature(control, name, ETHTOOL_GTSO));
    CHECK_EQ(zdtm::link_text(name, "owner"), "12345\n");
    CHECK_EQ(zdtm::link_text(name, "address"), "02:01:02:03:04:05\n");
    CHECK_EQ(zdtm::link_text(name, "mtu"), "1234\n");
    CHECK_EQ(zdtm::link_text(name, "tx_queue_len"), "77\n");
    CHECK_EQ(zdtm::link_text(name, "flags"), flags);
    CHECK_SYS(close(fd));
    CHECK_EQ(if_nametoindex(name.c_str()), 0U);
    zdtm::pass();
}
