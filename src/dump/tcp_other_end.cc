// See tcp_other_end.h.
#include "dump/tcp_other_end.h"

#include <netinet/tcp.h>

#include <algorithm>

namespace crtool::dump {
namespace {

constexpr uint32_t bit(uint32_t state) {
    return 1U << state;
}

// Of a connection whose end has been received.
constexpr uint32_t kHeardEnd = bit(TCP_CLOSE_WAIT) | bit(TCP_LAST_ACK) | bit(TCP_CLOSING);
// Of a socket that was accepted, or may still be.
constexpr uint32_t kOpen = bit(TCP_SYN_RECV) | bit(TCP_ESTABLISHED) | bit(TCP_CLOSE_WAIT);
// Of a socket that was closed.
constexpr uint32_t kEnding = bit(TCP_FIN_WAIT1) | bit(TCP_FIN_WAIT2) | bit(TCP_CLOSING) |
                             bit(TCP_LAST_ACK) | bit(TCP_TIME_WAIT);

// Sure of the addresses that need no look at the interfaces.
bool is_this_machine(const net::Endpoint& local, const net::Endpoint& remote) {
    bool is_loopback = remote.is_v4() ? remote.address[12] == 127
                                      : remote.address == net::loopback(false, 0).address;
    return is_loopback || local.address == remote.address;
}

// But for the scope, in which the kernel names the interface of a socket that is bound to one.
bool is_same(const net::Endpoint& a, const net::Endpoint& b) {
    return a.port == b.port && a.address == b.address;
}

}  // namespace

OtherEnds::OtherEnds(std::span<const image::OpenFile> files) {
    for (const image::OpenFile& file : files) {
        if (file.has_inet_socket() && file.inet_socket().state() == TCP_LISTEN)
            listeners_.insert(
                net::parse_endpoint(file.inet_socket().local()).value_or(net::Endpoint{}));
    }
}

bool OtherEnds::is_listener(const net::Endpoint& name) const {
    return std::ranges::any_of(listeners_, [&](const net::Endpoint& listener) {
        bool fits = listener.is_any() || listener.address == name.address;
        return fits && listener.port == name.port;
    });
}

OtherEnd OtherEnds::find(const image::InetSocket& socket) {
    if (!sockets_)
        sockets_ = net::tcp_sockets(kOpen | kEnding);
    net::Endpoint local = net::parse_endpoint(socket.local()).value_or(net::Endpoint{});
    net::Endpoint remote = net::parse_endpoint(socket.remote()).value_or(net::Endpoint{});
    auto at = std::ranges::find_if(*sockets_, [&](const net::TcpSocket& each) {
        return is_same(each.local, remote) && is_same(each.remote, local);
    });
    return judge(local, remote, socket.state(), at == sockets_->end() ? nullptr : &*at);
}

OtherEnd OtherEnds::judge(const net::Endpoint& local, const net::Endpoint& remote, uint32_t state,
                          const net::TcpSocket* kernel) const {
    bool heard_end = (bit(state) & kHeardEnd) != 0;
    if (kernel == nullptr)
        return heard_end && is_this_machine(local, remote) ? OtherEnd::closed : OtherEnd::outside;
    if (kernel->ino != 0)
        return OtherEnd::outside;
    if ((bit(kernel->state) & kEnding) != 0)
        return heard_end ? OtherEnd::closed : OtherEnd::closing;
    return is_listener(remote) ? OtherEnd::not_accepted : OtherEnd::outside;
}

}  // namespace crtool::dump
