// See packet.h.
#include "net/packet.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "sys/inet_calls.h"
#include "sys/socket_calls.h"

namespace crtool::net {
namespace {

constexpr uint8_t kHops = 64;      // as most senders have it, which IP_RECVTTL shows
constexpr uint8_t kTcpHops = 255;  // IP_MINTTL may ask for that

template <typename T>
std::string bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string address_bytes(const Endpoint& endpoint) {
    if (endpoint.is_v4())
        return std::string(endpoint.v4_bytes());
    return {reinterpret_cast<const char*>(endpoint.address.data()), endpoint.address.size()};
}

// RFC 1071, over an even number of bytes or with a zero behind.
uint16_t checksum(std::string_view data) {
    uint32_t sum = 0;
    for (size_t i = 0; i < data.size(); i += 2) {
        uint16_t word = 0;
        std::memcpy(&word, &data[i], std::min<size_t>(2, data.size() - i));
        sum += word;
    }
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<uint16_t>(~sum);
}

// Addresses, protocol and length go into the checksum of what they carry.
uint16_t payload_checksum(const Endpoint& from, const Endpoint& to, uint8_t protocol,
                          std::string_view payload) {
    std::string text = address_bytes(from) + address_bytes(to);
    text += bytes_of(htonl(static_cast<uint32_t>(payload.size())));
    text += bytes_of(htonl(protocol));
    text += payload;
    return checksum(text);
}

std::string ip_header(const Endpoint& from, const Endpoint& to, uint8_t protocol, size_t length) {
    uint8_t hops = protocol == IPPROTO_TCP ? kTcpHops : kHops;
    if (to.is_v4()) {
        iphdr head{};
        head.version = 4;
        head.ihl = sizeof head / 4;
        head.tot_len = htons(static_cast<uint16_t>(sizeof head + length));
        head.ttl = hops;
        head.protocol = protocol;
        std::memcpy(&head.saddr, from.v4_bytes().data(), 4);
        std::memcpy(&head.daddr, to.v4_bytes().data(), 4);
        head.check = checksum(bytes_of(head));
        return bytes_of(head);
    }
    ip6_hdr head{};
    head.ip6_flow = htonl(6U << 28);
    head.ip6_plen = htons(static_cast<uint16_t>(length));
    head.ip6_nxt = protocol;
    head.ip6_hlim = hops;
    std::memcpy(&head.ip6_src, from.address.data(), sizeof head.ip6_src);
    std::memcpy(&head.ip6_dst, to.address.data(), sizeof head.ip6_dst);
    return bytes_of(head);
}

}  // namespace

std::string tcp_packet(const Endpoint& from, const Endpoint& to, uint32_t seq, uint32_t ack,
                       uint8_t flags, uint16_t window, std::string_view data) {
    tcphdr head{};
    head.th_sport = htons(from.port);
    head.th_dport = htons(to.port);
    head.th_seq = htonl(seq);
    head.th_ack = htonl(ack);
    head.th_off = sizeof head / 4;
    head.th_flags = flags;
    head.th_win = htons(window);
    // The one urgent pointer that means the same with and without net.ipv4.tcp_stdurg.
    head.th_urp = 0;
    head.th_sum = payload_checksum(from, to, IPPROTO_TCP, bytes_of(head) + std::string(data));
    return ip_header(from, to, IPPROTO_TCP, sizeof head + data.size()) + bytes_of(head) +
           std::string(data);
}

std::string udp_packet(const Endpoint& from, const Endpoint& to, std::string_view data,
                       uint8_t protocol) {
    udphdr head{};
    head.uh_sport = htons(from.port);
    head.uh_dport = htons(to.port);
    head.uh_ulen = htons(static_cast<uint16_t>(sizeof head + data.size()));
    uint16_t sum = payload_checksum(from, to, protocol, bytes_of(head) + std::string(data));
    head.uh_sum = sum == 0 ? 0xffff : sum;  // 0 means: there is none
    return ip_header(from, to, protocol, sizeof head + data.size()) + bytes_of(head) +
           std::string(data);
}

void PacketSender::send(const Endpoint& to, std::string_view packet) {
    int domain = to.is_v4() ? AF_INET : AF_INET6;
    sys::UniqueFd& fd = to.is_v4() ? v4_ : v6_;
    if (!fd.valid()) {
        fd = sys::make_socket(domain, SOCK_RAW, IPPROTO_RAW);
        sys::set_socket_option(fd.get(), SOL_SOCKET, SO_MARK, static_cast<int>(kPacketMark));
    }
    Endpoint where = to;
    where.port = 0;
    sys::send_to(fd.get(), packet, to_sockaddr(where, domain));
}

}  // namespace crtool::net
