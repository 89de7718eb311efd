// Parsers and plans behind internet sockets: addresses, groups, packets, pairs of connections.
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "net/endpoint.h"
#include "net/inet_groups.h"
#include "net/inet_options.h"
#include "net/net_lock.h"
#include "net/packet.h"
#include "net/raw_peers.h"
#include "net/tcp_repair.h"
#include "sys/inet_calls.h"
#include "sys/socket_calls.h"

namespace crtool::net {
namespace {

TEST_CASE("an IPv4 address and its mapped form are one endpoint", "[inet]") {
    Endpoint endpoint = loopback(true, 80);
    CHECK(parse_endpoint(to_sockaddr(endpoint, AF_INET)) == endpoint);
    CHECK(parse_endpoint(to_sockaddr(endpoint, AF_INET6)) == endpoint);
    CHECK(to_sockaddr(endpoint, AF_INET).size() == sizeof(sockaddr_in));
    CHECK_FALSE(parse_endpoint("").has_value());
    CHECK_FALSE(parse_endpoint(std::string(sizeof(sockaddr_in), '\0')).has_value());
    CHECK_FALSE(endpoint.is_any());
    CHECK(parse_endpoint(to_sockaddr(Endpoint{}, AF_INET6))->is_any());
}

TEST_CASE("groups of /proc/net/igmp and igmp6", "[inet]") {
    auto v4 = parse_igmp(
        "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"
        "1\tlo        :     1      V3\n"
        "\t\t\t\t010000E0     1 0:00000000\t\t0\n"
        "2\teth0      :     1      V3\n"
        "\t\t\t\t030201EF     1 0:00000000\t\t0\n");
    REQUIRE(v4.size() == 2);
    CHECK(v4[1].interface == 2);
    Endpoint group = parse_endpoint(v4[1].address).value();
    CHECK(group.v4_bytes() == "\xef\x01\x02\x03");
    CHECK(group.is_multicast());
    auto v6 =
        parse_igmp6("1    lo              ff020000000000000000000000000001     1 0000000C 0\n");
    REQUIRE(v6.size() == 1);
    CHECK(v6[0].interface == 1);
    CHECK(parse_endpoint(v6[0].address)->address[15] == 1);
}

TEST_CASE("whom raw sockets are connected to, of /proc/net/raw and raw6", "[inet]") {
    auto peers = parse_raw_table(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        "   1: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        "
        "0 11 2 0000000000000000 0\n"
        " 253: 00000000:00FD 0100007F:0000 01 00000000:00000000 00:00000000 00000000     0        "
        "0 22 2 0000000000000000 0\n");
    REQUIRE(peers.size() == 1);
    CHECK(peers.at(22) == loopback(true, 0));
    peers = parse_raw_table(
        "header\n"
        "  58: 00000000000000000000000000000000:003A 00000000000000000000000001000000:0000 01 "
        "00000000:00000000 00:00000000 00000000     0        0 33 2 0000000000000000 0\n");
    REQUIRE(peers.size() == 1);
    CHECK(peers.at(33) == loopback(false, 0));
}

TEST_CASE("only options that differ are kept", "[inet]") {
    sys::UniqueFd fresh = sys::make_socket(AF_INET, SOCK_DGRAM, 0);
    const std::vector<InetOption> usual = read_inet_options(fresh.get());
    CHECK(read_changed_options(fresh.get(), Connection::no, usual).empty());
    sys::UniqueFd used = sys::make_socket(AF_INET, SOCK_DGRAM, 0);
    sys::set_socket_option(used.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    sys::set_socket_option(used.get(), IPPROTO_UDP, UDP_SEGMENT, 500);
    auto changed = read_changed_options(used.get(), Connection::no, usual);
    REQUIRE(changed.size() == 2);
    CHECK(changed[0].name == SO_REUSEADDR);
    CHECK(changed[1].name == UDP_SEGMENT);
}

TEST_CASE("a socket's options are those that a new one of its kind has", "[inet]") {
    for (int type : {SOCK_STREAM, SOCK_DGRAM}) {
        sys::UniqueFd fd = sys::make_socket(AF_INET, type, 0);
        const std::vector<InetOption> usual = read_inet_options(fd.get());
        // All that is read is told to differ from options with other values.
        std::vector<InetOption> others = usual;
        for (InetOption& option : others)
            option.value += '?';
        CHECK(read_changed_options(fd.get(), Connection::no, others) == usual);
        CHECK(read_changed_options(fd.get(), Connection::no, {}).empty());
        CHECK(std::ranges::any_of(usual, [&](const InetOption& option) {
                  return option.level == IPPROTO_TCP;
              }) == (type == SOCK_STREAM));
    }
}

TEST_CASE("which options an image may have", "[inet]") {
    CHECK(is_inet_option(SOL_SOCKET, SO_KEEPALIVE, sizeof(int)));
    CHECK_FALSE(is_inet_option(SOL_SOCKET, SO_KEEPALIVE, 5));
    CHECK_FALSE(is_inet_option(SOL_SOCKET, 9999, sizeof(int)));
    CHECK(time_of(IPPROTO_IPV6, IPV6_V6ONLY) == OptionTime::before_bind);
}

// The sum over what a checksum covers, itself included, is all ones.
uint16_t sum_of(const std::string& bytes) {
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < bytes.size(); i += 2)
        sum += static_cast<uint32_t>(static_cast<uint8_t>(bytes[i]) << 8 |
                                     static_cast<uint8_t>(bytes[i + 1]));
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<uint16_t>(sum);
}

TEST_CASE("a packet has valid checksums", "[inet]") {
    std::string packet =
        tcp_packet(loopback(true, 1), loopback(true, 2), 7, 8, kTcpFin | kTcpAck, 9);
    REQUIRE(packet.size() == 40);
    CHECK(sum_of(packet.substr(0, 20)) == 0xffff);
    std::string pseudo = packet.substr(12, 8) + std::string("\0\0\0\x14\0\0\0\x06", 8);
    CHECK(sum_of(pseudo + packet.substr(20)) == 0xffff);
    CHECK(packet[33] == (kTcpFin | kTcpAck));
    std::string urgent =
        tcp_packet(loopback(true, 1), loopback(true, 2), 7, 8, kTcpUrg | kTcpAck, 9, "!?");
    REQUIRE(urgent.size() == 42);
    CHECK(sum_of(urgent.substr(0, 20)) == 0xffff);
    pseudo = urgent.substr(12, 8) + std::string("\0\0\0\x16\0\0\0\x06", 8);
    CHECK(sum_of(pseudo + urgent.substr(20)) == 0xffff);
    CHECK(urgent.substr(40) == "!?");
    CHECK(udp_packet(loopback(false, 1), loopback(false, 2), "abc", IPPROTO_UDP).size() == 51);
}

TEST_CASE("two ends fit together when neither was acknowledged too much", "[inet]") {
    TcpConnection a;
    TcpConnection b;
    a.state = b.state = TCP_ESTABLISHED;
    a.send_seq = 0xfffffff0;  // numbers wrap
    a.unacked = std::string(32, 'a');
    b.receive_seq = 0xfffffff0;
    CHECK(fit_together(a, b));
    b.unread = std::string(32, 'a');
    CHECK(fit_together(a, b));
    b.unread += 'b';
    CHECK_FALSE(fit_together(a, b));
    b.unread.pop_back();
    a.unsent = 1;
    CHECK_FALSE(fit_together(a, b));
    a.unsent = 0;
    b.unread.clear();
    a.send_seq++;
    CHECK_FALSE(fit_together(a, b));
    a.send_seq--;
    a.state = TCP_FIN_WAIT2;
    a.unacked.clear();
    b.state = TCP_CLOSE_WAIT;
    CHECK_FALSE(fit_together(a, b));
    b.fin_received = true;
    CHECK(fit_together(a, b));
}

TEST_CASE("names of locks", "[inet]") {
    CHECK(is_lock_name(make_lock_name()));
    CHECK_FALSE(is_lock_name("filter"));
    CHECK_FALSE(is_lock_name("crtool-a b"));
}

}  // namespace
}  // namespace crtool::net
