// Who has the other end of a connection, judged from what the kernel says of it.
#include "dump/tcp_other_end.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>

namespace crtool::dump {
namespace {

const net::Endpoint kClient = net::loopback(true, 5000);
const net::Endpoint kServer = net::loopback(true, 80);

net::Endpoint elsewhere() {
    net::Endpoint result = kServer;
    result.address[12] = 192;
    return result;
}

OtherEnds with_listener(const net::Endpoint& name) {
    std::vector<image::OpenFile> files(2);
    image::InetSocket& socket = *files[1].mutable_inet_socket();
    socket.set_state(TCP_LISTEN);
    socket.set_local(net::to_sockaddr(name, AF_INET));
    return OtherEnds(files);
}

net::TcpSocket nobodys(uint8_t state) {
    return {.ino = 0, .state = state, .local = kServer, .remote = kClient};
}

OtherEnd judge(const OtherEnds& ends, uint32_t state, const net::TcpSocket& kernel) {
    return ends.judge(kClient, kServer, state, &kernel);
}

}  // namespace

TEST_CASE("an end that somebody has is outside of the tree", "[tcp_other_end]") {
    net::TcpSocket owned = nobodys(TCP_FIN_WAIT2);
    owned.ino = 7;
    CHECK(judge(OtherEnds({}), TCP_CLOSE_WAIT, owned) == OtherEnd::outside);
}

TEST_CASE("a closed end is awaited until its last word has arrived", "[tcp_other_end]") {
    OtherEnds ends({});
    CHECK(judge(ends, TCP_ESTABLISHED, nobodys(TCP_FIN_WAIT1)) == OtherEnd::closing);
    CHECK(judge(ends, TCP_CLOSE_WAIT, nobodys(TCP_FIN_WAIT2)) == OtherEnd::closed);
    CHECK(judge(ends, TCP_LAST_ACK, nobodys(TCP_TIME_WAIT)) == OtherEnd::closed);
}

TEST_CASE("an end that waits to be accepted is known by its listener", "[tcp_other_end]") {
    net::Endpoint any = kServer;
    any.address[12] = any.address[15] = 0;
    net::Endpoint other_port = kServer;
    other_port.port = 81;
    net::TcpSocket waiting = nobodys(TCP_ESTABLISHED);
    CHECK(judge(with_listener(kServer), TCP_ESTABLISHED, waiting) == OtherEnd::not_accepted);
    CHECK(judge(with_listener(any), TCP_ESTABLISHED, waiting) == OtherEnd::not_accepted);
    CHECK(judge(with_listener(other_port), TCP_ESTABLISHED, waiting) == OtherEnd::outside);
}

TEST_CASE("an end that the kernel has forgotten was closed if it was here", "[tcp_other_end]") {
    OtherEnds ends({});
    CHECK(ends.judge(kClient, kServer, TCP_CLOSE_WAIT, nullptr) == OtherEnd::closed);
    CHECK(ends.judge(kClient, kServer, TCP_ESTABLISHED, nullptr) == OtherEnd::outside);
    CHECK(ends.judge(kClient, elsewhere(), TCP_CLOSE_WAIT, nullptr) == OtherEnd::outside);
}

}  // namespace crtool::dump
