// UDP and UDP-lite sockets: bound, connected, with unread datagrams and who sent them, with
// options, filters and groups.
#include <linux/filter.h>

#include "inet.h"

namespace {

constexpr int kSendCoverage = 10;     // UDPLITE_SEND_CSCOV
constexpr int kReceiveCoverage = 11;  // UDPLITE_RECV_CSCOV

struct Datagram {
    std::string text;
    zdtm::Address from;
};

Datagram receive(int fd) {
    Datagram result;
    result.text.resize(70'000);
    socklen_t size = sizeof result.from.storage;
    const ssize_t got =
        recvfrom(fd, result.text.data(), result.text.size(), 0, result.from.raw(), &size);
    result.text.resize(static_cast<size_t>(CHECK_SYS(got)));
    return result;
}

void send_to(int fd, const zdtm::Address& to, const std::string& text) {
    CHECK_EQ(sendto(fd, text.data(), text.size(), 0, to.raw(), to.size()),
             static_cast<ssize_t>(text.size()));
}

void attach_filter(int fd) {
    sock_filter program[] = {{BPF_RET | BPF_K, 0, 0, 0xffff}};
    const sock_fprog filter = {1, program};
    CHECK_SYS(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int v4 = zdtm::bound_socket(zdtm::loopback(AF_INET), SOCK_DGRAM);
    const int v6 = zdtm::bound_socket(zdtm::loopback(AF_INET6), SOCK_DGRAM);
    const int lite = zdtm::bound_socket(zdtm::loopback(AF_INET), SOCK_DGRAM, IPPROTO_UDPLITE);
    const int sender4 = zdtm::bound_socket(zdtm::loopback(AF_INET), SOCK_DGRAM);
    const int sender6 = zdtm::bound_socket(zdtm::loopback(AF_INET6), SOCK_DGRAM);
    CHECK_SYS(connect(sender4, zdtm::local_name(v4).raw(), zdtm::local_name(v4).size()));
    const std::string big = zdtm::pattern(60'000, 4);
    zdtm::set_option(lite, IPPROTO_UDPLITE, kSendCoverage, 8);
    zdtm::set_option(lite, IPPROTO_UDPLITE, kReceiveCoverage, 8);
    send_to(lite, zdtm::local_name(lite), "lite");
    zdtm::send_text(sender4, "one");
    zdtm::send_text(sender4, big);
    send_to(sender6, zdtm::local_name(v6), "six");
    zdtm::set_option(v4, IPPROTO_IP, IP_PKTINFO, 1);
    zdtm::set_option(v6, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9);
    attach_filter(v6);
    const int group = zdtm::bound_socket(zdtm::loopback(AF_INET), SOCK_DGRAM);
    ip_mreqn join{};
    join.imr_multiaddr.s_addr = inet_addr("239.1.2.3");
    join.imr_ifindex = 1;
    CHECK_SYS(setsockopt(group, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join));
    const zdtm::Address names[] = {zdtm::local_name(v4), zdtm::local_name(v6),
                                   zdtm::local_name(lite), zdtm::local_name(sender4)};

    zdtm::checkpoint_here();

    CHECK(zdtm::local_name(v4) == names[0]);
    CHECK(zdtm::local_name(v6) == names[1]);
    CHECK(zdtm::local_name(lite) == names[2]);
    CHECK(zdtm::local_name(sender4) == names[3]);
    CHECK(zdtm::peer_name(sender4) == names[0]);
    CHECK_EQ(zdtm::get_option(lite, SOL_SOCKET, SO_PROTOCOL), IPPROTO_UDPLITE);
    CHECK_EQ(zdtm::get_option(lite, IPPROTO_UDPLITE, kSendCoverage), 8);
    CHECK_EQ(zdtm::get_option(lite, IPPROTO_UDPLITE, kReceiveCoverage), 8);
    const Datagram light = receive(lite);
    CHECK_EQ(light.text, "lite");
    CHECK(light.from == names[2]);
    CHECK_EQ(zdtm::get_option(v4, IPPROTO_IP, IP_PKTINFO), 1);
    CHECK_EQ(zdtm::get_option(v6, IPPROTO_IPV6, IPV6_UNICAST_HOPS), 9);
    socklen_t instructions = 0;
    CHECK_SYS(getsockopt(v6, SOL_SOCKET, SO_GET_FILTER, nullptr, &instructions));
    CHECK_EQ(instructions, 1u);
    for (const std::string& text : {std::string("one"), big}) {
        const Datagram got = receive(v4);
        CHECK(got.text == text);
        CHECK(got.from == names[3]);
    }
    CHECK_EQ(receive(v6).text, "six");
    zdtm::send_text(sender4, "more");
    CHECK_EQ(receive(v4).text, "more");
    CHECK(recv(v4, nullptr, 0, MSG_DONTWAIT) == -1 && errno == EAGAIN);
    // A member cannot join again.
    CHECK(setsockopt(group, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join) == -1);
    CHECK_EQ(errno, EADDRINUSE);
    zdtm::pass();
}
