// With --tcp-remap a listener, a connected pair and a UDP socket of 127.0.0.2 have 127.0.0.3 after
// a restore, where clients find the listener and the pair goes on; so have those of IPv4 in IPv6.
// What has another address keeps it.
#include <sys/stat.h>

#include "inet.h"

namespace {

ino_t inode(int fd) {
    struct stat st {};

    CHECK_SYS(fstat(fd, &st));
    return st.st_ino;
}

zdtm::Address of(uint32_t last, uint16_t port = 0) {
    zdtm::Address address = zdtm::loopback(AF_INET, port);
    reinterpret_cast<sockaddr_in&>(address.storage).sin_addr.s_addr = htonl(0x7f000000U | last);
    return address;
}

zdtm::Address mapped(const char* text, uint16_t port = 0) {
    zdtm::Address address = zdtm::loopback(AF_INET6, port);
    CHECK_EQ(inet_pton(AF_INET6, text, &reinterpret_cast<sockaddr_in6&>(address.storage).sin6_addr),
             1);
    return address;
}

// Of either family: the port stands at the same place.
uint16_t port_of(const zdtm::Address& address) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(address.storage).sin_port);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int listening = zdtm::listener(of(2));
    const zdtm::TcpPair pair = zdtm::tcp_pair(of(2));
    const zdtm::TcpPair six = zdtm::tcp_pair(mapped("::ffff:127.0.0.2"));
    const zdtm::TcpPair other = zdtm::tcp_pair(of(5));
    const int datagrams = zdtm::bound_socket(of(2), SOCK_DGRAM);
    const zdtm::Address before = zdtm::local_name(listening);
    const zdtm::Address client = zdtm::local_name(pair.client),
                        server = zdtm::local_name(pair.server);
    const zdtm::Address six_server = zdtm::local_name(six.server);
    const zdtm::Address udp = zdtm::local_name(datagrams);
    const zdtm::Address kept = zdtm::local_name(other.server);
    const ino_t old = inode(listening);
    zdtm::send_text(pair.client, "unread");

    zdtm::checkpoint_here();

    const uint32_t host = inode(listening) == old ? 2 : 3;
    const zdtm::Address now = of(host, port_of(before));
    CHECK(zdtm::local_name(listening) == now);
    // Its client was bound by the kernel, to what it had to reach the server by.
    CHECK(zdtm::local_name(pair.server) == of(host, port_of(server)));
    CHECK(zdtm::peer_name(pair.client) == of(host, port_of(server)));
    CHECK(zdtm::local_name(pair.client) == zdtm::peer_name(pair.server));
    CHECK_EQ(port_of(zdtm::local_name(pair.client)), port_of(client));
    CHECK(zdtm::peer_name(six.client) ==
          mapped(host == 2 ? "::ffff:127.0.0.2" : "::ffff:127.0.0.3", port_of(six_server)));
    CHECK(zdtm::local_name(datagrams) == of(host, port_of(udp)));
    CHECK(zdtm::local_name(other.server) == kept);
    zdtm::expect_text(pair.server, "unread");
    zdtm::expect_both_ways(pair.client, pair.server);
    zdtm::expect_both_ways(six.client, six.server);
    zdtm::expect_both_ways(other.client, other.server);
    const int visitor = zdtm::connected_to(now);
    const int accepted = CHECK_SYS(accept(listening, nullptr, nullptr));
    zdtm::expect_both_ways(visitor, accepted);
    const int sender = CHECK_SYS(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const zdtm::Address to = of(host, port_of(udp));
    CHECK_EQ(sendto(sender, "x", 1, 0, to.raw(), to.size()), 1);
    zdtm::expect_text(datagrams, "x");
    zdtm::pass();
}
