// See inet_socket.h. Connections are read later, when all sockets of the tree are known
// (inet_set.h).
#include "dump/inet_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/fault.h"
#include "base/log.h"
#include "base/scope_exit.h"
#include "net/endpoint.h"
#include "net/tcp_repair.h"
#include "sys/inet_calls.h"
#include "sys/notify_calls.h"
#include "sys/socket_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {
namespace {

constexpr int kTcpUlp = TCP_ULP;
constexpr size_t kUlpName = 16;  // TCP_ULP_NAME_MAX

int option(const FdProbe& probe, int level, int name) {
    return sys::socket_option_int(probe.fd, level, name).value_or(0);
}

bool is_stream(const image::InetSocket& socket) {
    return socket.type() == SOCK_STREAM;
}

// False: it was refused.
bool record_filter(const FileVisit& visit, const FdProbe& probe, image::InetSocket& socket) {
    try {
        socket.set_filter(sys::socket_filter(probe.fd));
        return true;
    } catch (const Error&) {
        visit.refuse(probe, "a socket with an eBPF filter (SO_ATTACH_BPF), which cannot be read",
                     "let the program take it off (SO_DETACH_FILTER) before the dump");
        return false;
    }
}

void record_buffers(const FdProbe& probe, const SocketDefaults& usual, image::InetSocket& socket) {
    int sndbuf = option(probe, SOL_SOCKET, SO_SNDBUF);
    int rcvbuf = option(probe, SOL_SOCKET, SO_RCVBUF);
    socket.set_buffer_lock(static_cast<uint32_t>(option(probe, SOL_SOCKET, SO_BUF_LOCK)));
    if (sndbuf != usual.sndbuf)
        socket.set_sndbuf(static_cast<uint32_t>(sndbuf));
    if (rcvbuf != usual.rcvbuf)
        socket.set_rcvbuf(static_cast<uint32_t>(rcvbuf));
}

void add_option(image::InetSocket& socket, const net::InetOption& option) {
    image::InetOption& record = *socket.add_options();
    record.set_level(static_cast<uint32_t>(option.level));
    record.set_name(static_cast<uint32_t>(option.name));
    record.set_value(option.value);
}

void record_options(const FileVisit& visit, const FdProbe& probe, image::InetSocket& socket) {
    const SocketDefaults& usual =
        visit.inet.defaults(static_cast<int>(socket.domain()), static_cast<int>(socket.type()),
                            static_cast<int>(socket.protocol()));
    bool had_connection =
        is_stream(socket) &&
        (socket.has_tcp() || (socket.state() != TCP_CLOSE && socket.state() != TCP_LISTEN));
    auto connection = had_connection ? net::Connection::yes : net::Connection::no;
    for (const net::InetOption& each :
         net::read_changed_options(probe.fd, connection, usual.options))
        add_option(socket, each);
    if (!is_stream(socket))
        for (const net::InetOption& each : visit.inet.memberships(probe.fd, socket.domain()))
            add_option(socket, each);
    record_buffers(probe, usual, socket);
}

// What had arrived, in order. SO_PEEK_OFF goes on by itself from one to the next.
void record_datagrams(const FdProbe& probe, image::InetSocket& socket) {
    int before = sys::socket_option_int(probe.fd, SOL_SOCKET, SO_PEEK_OFF).value_or(-1);
    sys::set_socket_option(probe.fd, SOL_SOCKET, SO_PEEK_OFF, 0);
    ScopeExit restore([&] {
        try {
            sys::set_socket_option(probe.fd, SOL_SOCKET, SO_PEEK_OFF, before);
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
    });
    while (auto datagram = sys::peek_datagram(probe.fd)) {
        image::Datagram& record = *socket.add_datagrams();
        record.set_from(std::move(datagram->from));
        record.set_data(std::move(datagram->data));
    }
}

// What is left of sent datagrams may be on its way only: a queue of a device has it, or it waits
// for the address of a neighbour. It goes its way without the socket.
bool is_corked(int fd, const image::InetSocket& socket) {
    return sys::unacked_bytes(fd) != 0 &&
           sys::has_corked_datagram(fd, static_cast<int>(socket.domain()));
}

void record_datagram_socket(const FileVisit& visit, const FdProbe& probe, uint32_t id,
                            image::InetSocket& socket) {
    bool is_udp = socket.protocol() == IPPROTO_UDP || socket.protocol() == IPPROTO_UDPLITE;
    if (!is_udp && socket.remote().empty())
        socket.set_remote(visit.inet.raw_peer(probe, socket.domain()));
    socket.set_state(socket.remote().empty() ? TCP_CLOSE : TCP_ESTABLISHED);
    short events = sys::poll_now(probe.fd);
    if ((events & POLLRDHUP) != 0)
        socket.set_shutdown(1);
    if (is_udp && is_corked(probe.fd, socket))
        visit.refuse(probe, "a datagram is being put together (UDP_CORK, MSG_MORE)",
                     "let the program send it before the dump", Lasts::a_moment);
    if ((events & POLLIN) == 0)
        return;
    if (is_udp)
        visit.looks.add(probe, id, [](const FileVisit&, const FdProbe& at, image::OpenFile& file) {
            record_datagrams(at, *file.mutable_inet_socket());
        });
    else
        log::warn("unread packets of task {}, descriptor {}, are lost", probe.task, probe.number);
}

void record_listener(const FileVisit& visit, const FdProbe& probe, image::InetSocket& socket) {
    // Of a listener the kernel tells here the connections that wait, and how many may.
    tcp_info info = sys::tcp_info_of(probe.fd);
    socket.set_backlog(info.tcpi_sacked);
    unsigned now = info.tcpi_unacked;
    // Listeners of MPTCP are not among those that were looked at.
    unsigned waited =
        socket.protocol() == IPPROTO_MPTCP ? now : visit.inet.waited(probe.st.st_ino, now);
    if (waited != 0 && !visit.options.skip_in_flight)
        visit.refuse(probe, fmt::format("{} connections wait to be accepted", waited),
                     "let the program accept them, or leave them out with --skip-in-flight",
                     Lasts::a_moment);
}

void look_at_end(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    if (!record_end(probe.fd, *file.mutable_inet_socket()))
        visit.refuse(probe, "a TCP connection that is over, with unread urgent data (MSG_OOB)",
                     "let the program read it before the dump");
}

void record_stream_socket(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    image::InetSocket& socket = *file.mutable_inet_socket();
    bool is_mptcp = socket.protocol() == IPPROTO_MPTCP;
    if (option(probe, SOL_SOCKET, SO_ACCEPTCONN) != 0) {
        socket.set_state(TCP_LISTEN);
        return record_listener(visit, probe, socket);
    }
    if (is_mptcp) {
        socket.set_state(TCP_CLOSE);
        if (!socket.remote().empty())
            visit.refuse(probe, "a connection of MPTCP, which is not carried yet",
                         "let the program use plain TCP (Go: GODEBUG=multipathtcp=0)");
        return;
    }
    socket.set_state(sys::tcp_info_of(probe.fd).tcpi_state);
    std::string layer = sys::socket_option(probe.fd, IPPROTO_TCP, kTcpUlp, kUlpName).value_or("");
    if (!layer.empty() && layer.front() != '\0')
        visit.refuse(probe,
                     fmt::format("a TCP connection with the upper layer {}, which is not carried",
                                 layer.c_str()),
                     "let the program do without it (tls: keep TLS out of the kernel)");
    short events = sys::poll_now(probe.fd);
    if ((events & POLLERR) != 0)
        visit.refuse(probe, "a TCP socket with an error that the program has not heard of yet",
                     "let the program use the socket before the dump");
    bool is_over = socket.state() == TCP_CLOSE && (events & POLLRDHUP) != 0;
    if (is_over) {
        socket.mutable_tcp();  // it had a connection
        visit.looks.add(probe, file.id(), look_at_end);
    }
    if (net::has_connection(static_cast<uint8_t>(socket.state())) || socket.state() == TCP_SYN_SENT)
        visit.inet.add_connection(probe, file.id());
}

}  // namespace

bool matches_inet_socket(const FdProbe& probe) {
    if (!probe.link.starts_with("socket:[") || probe.fd < 0)
        return false;
    int domain = sys::socket_domain(probe.fd);
    return domain == AF_INET || domain == AF_INET6;
}

void dump_inet_socket(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    fault::point("look at an internet socket");
    if (!visit.inet.is_own_namespace(probe.fd)) {
        visit.refuse(probe, "a socket of another network namespace, which is not carried yet",
                     "close it before the dump");
        return;
    }
    image::InetSocket& socket = *file.mutable_inet_socket();
    socket.set_domain(static_cast<uint32_t>(sys::socket_domain(probe.fd)));
    socket.set_type(static_cast<uint32_t>(option(probe, SOL_SOCKET, SO_TYPE)));
    socket.set_protocol(static_cast<uint32_t>(option(probe, SOL_SOCKET, SO_PROTOCOL)));
    bool is_known = socket.type() == SOCK_DGRAM || socket.type() == SOCK_RAW ||
                    socket.protocol() == IPPROTO_TCP || socket.protocol() == IPPROTO_MPTCP;
    if (!is_known) {
        visit.refuse(
            probe, fmt::format("a socket of protocol {}, which is not carried", socket.protocol()),
            "close it before the dump");
        return;
    }
    socket.set_local(sys::local_address(probe.fd));
    socket.set_remote(sys::remote_address(probe.fd));
    socket.set_uid(probe.st.st_uid);
    socket.set_gid(probe.st.st_gid);
    if (is_stream(socket))
        record_stream_socket(visit, probe, file);
    else
        record_datagram_socket(visit, probe, file.id(), socket);
    if (record_filter(visit, probe, socket))
        record_options(visit, probe, socket);
}

}  // namespace crtool::dump
