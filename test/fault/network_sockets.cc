// Sockets of the network of the target, with something unread in each: see objects.h.
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "objects.h"
#include "ring.h"

namespace target {
namespace {

constexpr tpacket_req kShape = {
    .tp_block_size = 4096, .tp_block_nr = 2, .tp_frame_size = 1024, .tp_frame_nr = 8};
const std::string kThere(70'000, '>');  // more than one segment
const std::string kBack = "back";

// Unread data both ways.
Object tcp_connection(int domain) {
    const zdtm::TcpPair pair = zdtm::tcp_pair(zdtm::loopback(domain));
    const auto send_both = [pair] {
        zdtm::send_text(pair.client, kThere);
        zdtm::send_text(pair.server, kBack);
    };
    send_both();
    return {domain == AF_INET ? "tcp" : "tcp of IPv6", [pair, send_both] {
                CHECK_EQ(zdtm::get_option(pair.client, IPPROTO_TCP, TCP_REPAIR), 0);
                CHECK_EQ(zdtm::get_option(pair.server, IPPROTO_TCP, TCP_REPAIR), 0);
                zdtm::expect_text(pair.server, kThere);
                zdtm::expect_text(pair.client, kBack);
                send_both();
            }};
}

Object udp_datagrams() {
    const int fd = zdtm::bound_socket(zdtm::loopback(AF_INET), SOCK_DGRAM);
    const zdtm::Address own = zdtm::local_name(fd);
    CHECK_SYS(connect(fd, own.raw(), own.size()));
    const auto send_both = [fd] {
        zdtm::send_text(fd, "first");
        zdtm::send_text(fd, "second");
    };
    send_both();
    return {"udp", [fd, send_both] {
                CHECK_EQ(zdtm::get_option(fd, SOL_SOCKET, SO_PEEK_OFF), -1);
                zdtm::expect_text(fd, "first");
                zdtm::expect_text(fd, "second");
                zdtm::expect_no_frame(fd);
                send_both();
            }};
}

Object packet_ring() {
    const int fd = zdtm::packet_socket(SOCK_RAW);
    zdtm::set_packet_option(fd, PACKET_VERSION, TPACKET_V2);
    CHECK_SYS(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &kShape, sizeof kShape));
    zdtm::Ring<tpacket2_hdr> ring(fd, kShape, zdtm::map_rings(fd, 8192));
    zdtm::bind_to_loopback(fd);
    const int sender = zdtm::packet_socket(SOCK_DGRAM);
    zdtm::send_frame(sender, "unread");
    return {"packet ring", [ring, sender]() mutable {
                CHECK_EQ(ring.take(), "unread");
                CHECK(ring.is_empty());
                zdtm::send_frame(sender, "unread");
            }};
}

}  // namespace

std::vector<Object> make_network_sockets() {
    return {tcp_connection(AF_INET), tcp_connection(AF_INET6), udp_datagrams(), packet_ring()};
}

}  // namespace target
