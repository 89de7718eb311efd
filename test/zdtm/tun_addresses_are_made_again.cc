// A tap interface that goes with its descriptor: made again after a dump, it has its IPv4 and IPv6
// addresses and its route, packets for the far end of which reach the program.
#include <net/route.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "tun.h"

namespace {

struct Address6 {  // struct in6_ifreq of linux/ipv6.h
    in6_addr address;
    uint32_t prefix;
    int interface;
};

void add_address6(const std::string& name) {
    const int control = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (control == -1) {
        return;
    }
    Address6 request{{}, 64, static_cast<int>(if_nametoindex(name.c_str()))};
    const std::string text = "fd00:0:0:" + std::to_string(getpid() % 10'000) + "::1";
    CHECK_EQ(inet_pton(AF_INET6, text.c_str(), &request.address), 1);
    CHECK_SYS(ioctl(control, SIOCSIFADDR, &request));
    close(control);
}

// Lines of /proc/net/if_inet6: address, number, prefix, scope, flags, interface.
std::set<std::string> addresses6(const std::string& name) {
    std::ifstream file("/proc/net/if_inet6");
    std::set<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        if (line.ends_with(" " + name)) {
            lines.insert(line);
        }
    }
    return lines;
}

// The kernel still asks whether others have the address (IFA_F_TENTATIVE).
bool is_asking(const std::string& line) {
    std::istringstream words(line);
    std::string word;
    for (int i = 0; i < 5; i++) {
        words >> word;
    }
    return (std::stoul(word, nullptr, 16) & 0x40) != 0;
}

// One address of 100.64.0.0/16 by a neighbour.
sockaddr_in add_route(int control, std::string name) {
    const uint32_t far = 0x64400000U | (zdtm::tun_network() >> 8 & 0xffffU);
    auto set = [](sockaddr& at, uint32_t value) {
        reinterpret_cast<sockaddr_in&>(at).sin_family = AF_INET;
        reinterpret_cast<sockaddr_in&>(at).sin_addr.s_addr = htonl(value);
    };
    rtentry route{};
    set(route.rt_dst, far);
    set(route.rt_genmask, 0xffffffffU);
    set(route.rt_gateway, zdtm::tun_network() + 2);
    route.rt_flags = RTF_UP | RTF_GATEWAY | RTF_HOST;
    route.rt_dev = name.data();
    CHECK_SYS(ioctl(control, SIOCADDRT, &route));
    return reinterpret_cast<sockaddr_in&>(route.rt_dst);
}

// Somebody sends to the far end: the interface asks who has the address of the neighbour.
void expect_question(int fd, sockaddr_in to) {
    constexpr size_t kArp = 12, kWanted = 38;  // of an Ethernet packet: its type, what ARP asks for
    const int sender = CHECK_SYS(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    to.sin_port = htons(9);
    CHECK_SYS(sendto(sender, "x", 1, 0, reinterpret_cast<sockaddr*>(&to), sizeof to));
    const uint32_t gateway = htonl(zdtm::tun_network() + 2);
    zdtm::wait_until([&] {
        char packet[2048];
        return read(fd, packet, sizeof packet) >= 42 && memcmp(packet + kArp, "\x08\x06", 2) == 0 &&
               memcmp(packet + kWanted, &gateway, sizeof gateway) == 0;
    });
    close(sender);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::string name = "zadr" + std::to_string(getpid());
    const int fd = zdtm::open_tun(O_NONBLOCK);
    zdtm::attach(fd, name, IFF_TAP | IFF_NO_PI);
    const int control = CHECK_SYS(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    zdtm::add_tun_address(control, name);
    add_address6(name);
    const sockaddr_in far = add_route(control, name);
    const int server = CHECK_SYS(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in own = far;
    own.sin_addr.s_addr = htonl(zdtm::tun_network() + 1);
    CHECK_SYS(bind(server, reinterpret_cast<sockaddr*>(&own), sizeof own));
    std::set<std::string> six;
    zdtm::wait_until([&] {
        six = addresses6(name);
        return std::none_of(six.begin(), six.end(), is_asking);
    });

    zdtm::checkpoint_here();

    ifreq request = zdtm::request_of(name);
    CHECK_SYS(ioctl(control, SIOCGIFADDR, &request));
    CHECK_EQ(zdtm::address_in(request).sin_addr.s_addr, htonl(zdtm::tun_network() + 1));
    CHECK_SYS(ioctl(control, SIOCGIFNETMASK, &request));
    CHECK_EQ(zdtm::address_in(request).sin_addr.s_addr, htonl(0xffffff00U));
    CHECK(addresses6(name) == six);
    expect_question(fd, far);
    zdtm::pass();
}
