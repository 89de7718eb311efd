// Raw sockets of IPv4 and IPv6 with their names and options: they hear what they heard before, and
// send packets with headers of their own.
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>

#include "inet.h"

namespace {

constexpr int kRawLevel = 255;      // SOL_RAW
constexpr int kIcmpFilter = 1;      // ICMP_FILTER
constexpr int kIcmp6Filter = 1;     // ICMP6_FILTER
constexpr uint8_t kProtocol = 253;  // for experiments, RFC 3692

uint16_t checksum(const void* data, size_t bytes) {
    uint32_t sum = 0;
    for (size_t i = 0; i < bytes; i += 2) {
        uint16_t word = 0;
        memcpy(&word, static_cast<const char*>(data) + i, 2);
        sum += word;
    }
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

// An echo request, and its answer by the kernel; requests are filtered out.
void expect_echo(int fd, uint16_t id) {
    icmphdr request{};
    request.type = ICMP_ECHO;
    request.un.echo.id = id;
    request.checksum = checksum(&request, sizeof request);
    CHECK_EQ(send(fd, &request, sizeof request, 0), static_cast<ssize_t>(sizeof request));
    icmphdr answer{};
    do {
        char packet[256];
        const ssize_t got = CHECK_SYS(recv(fd, packet, sizeof packet, 0));
        CHECK_EQ(got, static_cast<ssize_t>(sizeof(iphdr) + sizeof answer));
        memcpy(&answer, packet + sizeof(iphdr), sizeof answer);
        CHECK_EQ(answer.type, ICMP_ECHOREPLY);
    } while (answer.un.echo.id != id);
}

// Everybody hears every packet of the protocol: ours come from an address of our own.
uint32_t own_source() {
    return (INADDR_LOOPBACK & 0xff000000) | static_cast<uint32_t>(getpid());
}

// The next packet of ours; false: there is none.
bool receive_own(int receiver, iphdr& got) {
    ssize_t bytes = 0;
    do {
        bytes = recv(receiver, &got, sizeof got, 0);
    } while (bytes == static_cast<ssize_t>(sizeof got) && ntohl(got.saddr) != own_source());
    CHECK(bytes == static_cast<ssize_t>(sizeof got) || (bytes == -1 && errno == EAGAIN));
    return bytes != -1;
}

void expect_own_header(int sender, int receiver) {
    iphdr head{};
    head.version = 4;
    head.ihl = 5;
    head.ttl = 33;
    head.tos = 0x20;
    head.protocol = kProtocol;
    head.daddr = htonl(INADDR_LOOPBACK);
    head.saddr = htonl(own_source());
    const zdtm::Address to = zdtm::loopback(AF_INET);
    CHECK_SYS(sendto(sender, &head, sizeof head, 0, to.raw(), to.size()));
    iphdr got{};
    CHECK(receive_own(receiver, got));
    CHECK_EQ(got.ttl, 33);
    CHECK(!receive_own(receiver, got));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const zdtm::Address any = zdtm::loopback(AF_INET);
    const int echo = zdtm::bound_socket(any, SOCK_RAW, IPPROTO_ICMP);
    CHECK_SYS(connect(echo, any.raw(), any.size()));
    const uint32_t dropped = ~(1U << ICMP_ECHOREPLY);
    CHECK_SYS(setsockopt(echo, kRawLevel, kIcmpFilter, &dropped, sizeof dropped));
    const int sender = CHECK_SYS(socket(AF_INET, SOCK_RAW, IPPROTO_RAW));
    const int receiver = CHECK_SYS(socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, kProtocol));
    const int six = zdtm::bound_socket(zdtm::loopback(AF_INET6), SOCK_RAW, IPPROTO_ICMPV6);
    icmp6_filter wanted;
    ICMP6_FILTER_SETBLOCKALL(&wanted);
    ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &wanted);
    CHECK_SYS(setsockopt(six, IPPROTO_ICMPV6, kIcmp6Filter, &wanted, sizeof wanted));
    const int summed = CHECK_SYS(socket(AF_INET6, SOCK_RAW, kProtocol));
    zdtm::set_option(summed, IPPROTO_IPV6, IPV6_CHECKSUM, 4);
    const int group = zdtm::bound_socket(any, SOCK_RAW, IPPROTO_IGMP);
    zdtm::set_option(group, IPPROTO_IP, IP_HDRINCL, 1);
    const zdtm::Address name = zdtm::local_name(echo);

    zdtm::checkpoint_here();

    CHECK(zdtm::local_name(echo) == name);
    CHECK_EQ(zdtm::get_option(echo, SOL_SOCKET, SO_PROTOCOL), IPPROTO_ICMP);
    expect_echo(echo, 77);
    CHECK_EQ(zdtm::get_option(sender, SOL_SOCKET, SO_PROTOCOL), IPPROTO_RAW);
    expect_own_header(sender, receiver);
    icmp6_filter found{};
    socklen_t size = sizeof found;
    CHECK_SYS(getsockopt(six, IPPROTO_ICMPV6, kIcmp6Filter, &found, &size));
    CHECK_EQ(memcmp(&found, &wanted, sizeof found), 0);
    CHECK_EQ(zdtm::get_option(summed, IPPROTO_IPV6, IPV6_CHECKSUM), 4);
    CHECK_EQ(zdtm::get_option(group, IPPROTO_IP, IP_HDRINCL), 1);
    zdtm::pass();
}
