// Checks of validate() about internet sockets.
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "image/validate_internal.h"
#include "net/endpoint.h"
#include "net/inet_options.h"
#include "net/net_lock.h"
#include "net/tcp_repair.h"

namespace crtool::image::checks {
namespace {

constexpr size_t kMaxFilter = BPF_MAXINSNS * sizeof(sock_filter);
constexpr uint32_t kMaxBuffer = 1U << 30;
constexpr uint32_t kMaxScale = 14;  // RFC 7323
constexpr uint32_t kMaxSegment = 65535;
constexpr size_t kMaxDatagram = 65535;

void check_address_of(const InetSocket& socket, const std::string& address, const char* what) {
    size_t size = socket.domain() == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    if (address.size() != size || !net::parse_endpoint(address))
        refuse("{} is no address of its family", what);
}

void check_kind_of_socket(const InetSocket& socket) {
    if (socket.domain() != AF_INET && socket.domain() != AF_INET6)
        refuse("its family is {}", socket.domain());
    bool is_stream = socket.type() == SOCK_STREAM;
    if (!is_stream && socket.type() != SOCK_DGRAM && socket.type() != SOCK_RAW)
        refuse("its type is {}", socket.type());
    bool is_tcp = socket.protocol() == IPPROTO_TCP || socket.protocol() == IPPROTO_MPTCP;
    if ((is_stream && !is_tcp) || socket.protocol() > IPPROTO_MPTCP)
        refuse("its protocol is {}", socket.protocol());
    if (socket.state() == 0 || socket.state() > TCP_CLOSING)
        refuse("its state is {}", socket.state());
    bool connects = is_stream && (net::has_connection(static_cast<uint8_t>(socket.state())) ||
                                  socket.state() == TCP_SYN_SENT);
    check_address_of(socket, socket.local(), "its name");
    if (connects || !socket.remote().empty())
        check_address_of(socket, socket.remote(), "its peer's name");
}

void check_options(const InetSocket& socket) {
    for (const InetOption& option : socket.options()) {
        check_known(option);
        if (!net::is_inet_option(static_cast<int>(option.level()), static_cast<int>(option.name()),
                                 option.value().size()))
            refuse("option {} of level {} with {} bytes is none that is carried", option.name(),
                   option.level(), option.value().size());
    }
    if (socket.sndbuf() > kMaxBuffer || socket.rcvbuf() > kMaxBuffer || socket.buffer_lock() > 3)
        refuse("its buffers are {} and {}", socket.sndbuf(), socket.rcvbuf());
    if (socket.filter().size() > kMaxFilter || socket.filter().size() % sizeof(sock_filter) != 0)
        refuse("its filter has {} bytes", socket.filter().size());
}

void check_connection(const InetSocket& socket) {
    const TcpConnection& tcp = socket.tcp();
    check_known(tcp);
    bool is_alive = net::has_connection(static_cast<uint8_t>(socket.state()));
    if (socket.type() != SOCK_STREAM || socket.protocol() != IPPROTO_TCP ||
        (!is_alive && socket.state() != TCP_CLOSE))
        refuse("it cannot have a TCP connection");
    if (tcp.unacked().size() > kMaxBuffer || tcp.unread().size() > kMaxBuffer ||
        tcp.unsent() > tcp.unacked().size())
        refuse("its queues are {} and {} bytes, {} not sent", tcp.unacked().size(),
               tcp.unread().size(), tcp.unsent());
    if (tcp.send_scale() > kMaxScale || tcp.receive_scale() > kMaxScale || tcp.mss() > kMaxSegment)
        refuse("its window scales are {} and {}, its greatest segment {}", tcp.send_scale(),
               tcp.receive_scale(), tcp.mss());
    if (tcp.has_urgent())
        check_known(tcp.urgent());
    if (tcp.has_urgent() && (!is_alive || tcp.urgent().at() >= tcp.unread().size()))
        refuse("it has urgent data at byte {} of {}", tcp.urgent().at(), tcp.unread().size());
    if (is_alive && tcp.window().size() != sizeof(tcp_repair_window))
        refuse("its window has {} bytes", tcp.window().size());
}

void check_peer(const Index& index, const OpenFile& file) {
    uint32_t peer = file.inet_socket().peer();
    if (file.inet_socket().other_end_closed() &&
        (peer != 0 || !file.inet_socket().tcp().fin_received()))
        refuse("its other end cannot have been closed");
    if (peer == 0)
        return;
    const OpenFile* other = index.file(peer);
    if (other == nullptr || !other->has_inet_socket() || other->inet_socket().peer() != file.id())
        refuse("its other end, open file {}, is none", peer);
}

}  // namespace

void check_inet_socket(const Index& index, const OpenFile& file) {
    const InetSocket& socket = file.inet_socket();
    check_known(socket);
    check_kind_of_socket(socket);
    check_options(socket);
    check_id(socket.uid(), "its user");
    check_id(socket.gid(), "its group");
    if (socket.has_tcp())
        check_connection(socket);
    else if (socket.type() == SOCK_STREAM &&
             net::has_connection(static_cast<uint8_t>(socket.state())))
        refuse("its TCP connection is missing");
    check_peer(index, file);
    for (const Datagram& datagram : socket.datagrams()) {
        check_known(datagram);
        if (socket.type() != SOCK_DGRAM || datagram.data().size() > kMaxDatagram)
            refuse("it has a datagram of {} bytes", datagram.data().size());
    }
    if (socket.shutdown() > 1)
        refuse("it is shut down by {}", socket.shutdown());
}

void check_net_lock(const Index& index) {
    const std::string& name = index.image().inventory.net_lock();
    if (!name.empty() && !net::is_lock_name(name))
        refuse("inventory: '{}' is no table of crtool's", name);
}

}  // namespace crtool::image::checks
