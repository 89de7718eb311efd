// TCP connections with both ends in the tree, over IPv4, IPv6 and IPv4 in IPv6: unread data, data
// that no window has room for, names, options, and what was agreed on at the handshake. The
// listener is there all the time.
#include "inet.h"

namespace {

struct Case {
    zdtm::TcpPair ends;
    zdtm::Address local;
    zdtm::Address remote;
    std::string text;
    tcp_info info{};
};

tcp_info info_of(int fd) {
    tcp_info info{};
    socklen_t size = sizeof info;
    CHECK_SYS(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size));
    return info;
}

void check_agreement(const tcp_info& now, const tcp_info& before) {
    CHECK_EQ(now.tcpi_state, TCP_ESTABLISHED);
    CHECK_EQ(now.tcpi_options & 7, before.tcpi_options & 7);
    CHECK_EQ(now.tcpi_snd_wscale + 0, before.tcpi_snd_wscale + 0);
    CHECK_EQ(now.tcpi_rcv_wscale + 0, before.tcpi_rcv_wscale + 0);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int listening = zdtm::listener(zdtm::loopback(AF_INET));
    Case cases[4];
    cases[0].ends.client = zdtm::connected_to(zdtm::local_name(listening));
    cases[0].ends.server = CHECK_SYS(accept(listening, nullptr, nullptr));
    cases[1].ends = zdtm::tcp_pair(zdtm::loopback(AF_INET6));
    cases[2].ends = zdtm::tcp_pair(zdtm::mapped_loopback());
    cases[3].ends = zdtm::tcp_pair(zdtm::loopback(AF_INET));
    for (Case& each : cases) {
        each.local = zdtm::local_name(each.ends.client);
        each.remote = zdtm::peer_name(each.ends.client);
        each.text = zdtm::pattern(5000, 7);
        zdtm::send_text(each.ends.client, each.text);
        zdtm::set_option(each.ends.server, IPPROTO_TCP, TCP_NODELAY, 1);
        zdtm::set_option(each.ends.server, SOL_SOCKET, SO_KEEPALIVE, 1);
        each.info = info_of(each.ends.client);
    }
    const std::string much = zdtm::fill(cases[3].ends.server, 9);

    zdtm::checkpoint_here();

    for (const Case& each : cases) {
        CHECK(zdtm::local_name(each.ends.client) == each.local);
        CHECK(zdtm::peer_name(each.ends.client) == each.remote);
        CHECK_EQ(zdtm::get_option(each.ends.server, IPPROTO_TCP, TCP_NODELAY), 1);
        CHECK_EQ(zdtm::get_option(each.ends.client, IPPROTO_TCP, TCP_NODELAY), 0);
        CHECK_EQ(zdtm::get_option(each.ends.server, SOL_SOCKET, SO_KEEPALIVE), 1);
        CHECK_EQ(zdtm::get_option(each.ends.client, SOL_SOCKET, SO_REUSEADDR), 0);
        check_agreement(info_of(each.ends.client), each.info);
        zdtm::expect_text(each.ends.server, each.text);
    }
    zdtm::expect_text(cases[3].ends.client, much);
    for (const Case& each : cases) {
        zdtm::expect_both_ways(each.ends.client, each.ends.server);
        shutdown(each.ends.client, SHUT_WR);
        zdtm::expect_end(each.ends.server);
    }
    const int client = zdtm::connected_to(zdtm::local_name(listening));
    const int server = CHECK_SYS(accept(listening, nullptr, nullptr));
    zdtm::expect_both_ways(client, server);
    zdtm::pass();
}
