// See inet_sockets.h.
#include "restore/inet_sockets.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "net/endpoint.h"
#include "net/tcp_repair.h"
#include "restore/inet_options.h"
#include "restore/tcp.h"
#include "sys/file_make.h"
#include "sys/inet_calls.h"
#include "sys/socket_calls.h"

namespace crtool::restore {
namespace {

bool is_stream(const image::InetSocket& socket) {
    return socket.type() == SOCK_STREAM;
}

bool is_connection(const image::InetSocket& socket) {
    return is_stream(socket) && net::has_connection(static_cast<uint8_t>(socket.state()));
}

bool leads_outside(const image::InetSocket& socket) {
    return is_connection(socket) && socket.peer() == 0;
}

bool is_bound(const image::InetSocket& socket) {
    auto local = net::parse_endpoint(socket.local());
    return local && (local->port != 0 || !local->is_any());
}

// An ended connection has its port for a minute (TIME_WAIT), also against a listener that it came
// from, when that has not SO_REUSEADDR.
void bind_stream(const image::InetSocket& socket, int fd) {
    try {
        sys::bind_socket(fd, socket.local());
    } catch (const Error& error) {
        if (error.err() != EADDRINUSE)
            throw;
        fail(Errc::system,
             "{} is in use (EADDRINUSE): end the program that has it (ss -tlp); or, when that is "
             "none, wait a minute until connections that have ended let it go (ss -ta)",
             sys::address_text(socket.local()));
    }
}

}  // namespace

InetSockets::InetSockets(const image::Image& image, const Options& options)
    : kept_lock_(image.inventory.net_lock()), closes_outside_(options.tcp_close) {
    lock(image.files, options);
    for (const image::OpenFile& file : image.files) {
        if (!file.has_inet_socket())
            continue;
        ErrorContext context("internet socket, open file", file.id());
        fault::point("make an internet socket");
        const image::InetSocket& socket = file.inet_socket();
        Made& made = made_.emplace_back(Made{
            &socket,
            sys::make_socket(static_cast<int>(socket.domain()), static_cast<int>(socket.type()),
                             static_cast<int>(socket.protocol()))});
        make(socket, made.fd.get(), must_end(socket));
        numbers_[file.id()] = made.fd.get();
    }
    for (const Made& made : made_)
        complete(made);
}

// With --tcp-close.
bool InetSockets::must_end(const image::InetSocket& socket) const {
    return closes_outside_ && leads_outside(socket) && !socket.other_end_closed();
}

// The lock of the dump, where it is still there, stays until all is well; this one is for the rest.
void InetSockets::lock(const std::vector<image::OpenFile>& files, const Options& options) {
    std::vector<net::LockedPair> pairs;
    for (const image::OpenFile& file : files) {
        if (!file.has_inet_socket() || !leads_outside(file.inet_socket()) ||
            must_end(file.inet_socket()))
            continue;
        if (!options.tcp_established && !file.inet_socket().other_end_closed())
            fail(
                Errc::unsupported,
                "the image has a TCP connection to {}, which is outside of the tree: allow it with "
                "--tcp-established, or let it end with --tcp-close",
                sys::address_text(file.inet_socket().remote()));
        pairs.push_back({net::parse_endpoint(file.inet_socket().local()).value(),
                         net::parse_endpoint(file.inet_socket().remote()).value()});
    }
    if (pairs.empty())
        return;
    fault::point("lock connections");
    lock_ = std::make_unique<net::NetLock>(std::move(pairs));
}

void InetSockets::make(const image::InetSocket& socket, int fd, bool closes) {
    // The user of the inode becomes the socket's own, which reuseport groups compare.
    sys::set_owner(fd, socket.uid(), socket.gid());
    set_great_buffers(socket, fd);
    set_options(socket, fd, net::OptionTime::before_bind);
    if (is_stream(socket)) {
        make_stream(socket, fd, closes);
    } else {
        if (is_bound(socket))
            sys::bind_socket(fd, socket.local());
        if (!socket.remote().empty())
            sys::connect_socket(fd, socket.remote());
    }
    set_options(socket, fd, net::OptionTime::connected);
    if (!socket.datagrams().empty())
        make_datagrams(socket, fd);
    if (!is_connection(socket) || closes)
        set_last_options(socket, fd);
}

void InetSockets::make_stream(const image::InetSocket& socket, int fd, bool closes) {
    if (is_connection(socket) && !closes) {
        net::start_repair(fd);
        net::make_connection(fd, connection_of(socket), socket.local(), socket.remote());
        return;
    }
    if (closes || socket.has_tcp())
        return make_ended(socket, fd);
    // Sockets of ended and of live connections may have the port, too.
    sys::set_socket_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (is_bound(socket))
        bind_stream(socket, fd);
    if (socket.state() == TCP_LISTEN)
        sys::listen_socket(fd, static_cast<int>(socket.backlog()));
}

// A connection that is over: the other end, which nobody can see any more, is made up.
void InetSockets::make_ended(const image::InetSocket& socket, int fd) {
    if (socket.tcp().has_urgent())
        fail(Errc::unsupported,
             "a TCP connection to {} with unread urgent data (MSG_OOB) cannot end "
             "with --tcp-close",
             sys::address_text(socket.remote()));
    net::Endpoint local = net::parse_endpoint(socket.local()).value();
    net::Endpoint remote = local;
    remote.port = next_port_++;
    net::make_ended_connection(fd, socket.tcp().unread(), local, remote,
                               static_cast<int>(socket.domain()), sender_);
}

// What is said in the name of the other end, which will not say it again: urgent data, and the end
// of one that is outside.
void InetSockets::complete(const Made& made) {
    const image::InetSocket& socket = *made.record;
    if (!is_connection(socket) || must_end(socket))
        return;
    if (socket.tcp().has_urgent()) {
        fault::point("complete a TCP connection");
        net::complete_connection(made.fd.get(), connection_of(socket),
                                 net::parse_endpoint(socket.local()).value(),
                                 net::parse_endpoint(socket.remote()).value(), sender_);
    }
    if (socket.peer() == 0 && socket.tcp().fin_received())
        send_fin(socket, made.fd.get());
}

void InetSockets::send_fin(const image::InetSocket& socket, int fd) {
    net::Endpoint local = net::parse_endpoint(socket.local()).value();
    net::Endpoint remote = net::parse_endpoint(socket.remote()).value();
    net::TcpConnection connection = connection_of(socket);
    uint8_t flags = net::kTcpFin | net::kTcpAck;
    sender_.send(local, net::tcp_packet(remote, local, connection.received() - 1,
                                        connection.send_seq, flags, connection.window_field()));
    net::await_packet(fd, POLLRDHUP);
}

void InetSockets::make_datagrams(const image::InetSocket& socket, int fd) {
    std::string name = sys::local_address(fd);
    std::optional<net::Endpoint> local = net::parse_endpoint(name);
    if (!local || local->is_multicast()) {
        log::warn("{} unread datagrams of a multicast socket are lost", socket.datagrams_size());
        return;
    }
    for (const image::Datagram& datagram : socket.datagrams()) {
        std::optional<net::Endpoint> from = net::parse_endpoint(datagram.from());
        if (!from)
            continue;
        net::Endpoint to = *local;
        if (to.is_any())
            to = net::loopback(from->is_v4(), local->port);
        sender_.send(to, net::udp_packet(*from, to, datagram.data(),
                                         static_cast<uint8_t>(socket.protocol())));
    }
}

// Ends of pairs hear each other from here on: all leave repair mode before the first says anything.
void InetSockets::go_live() {
    fault::point("let connections live");
    lock_.reset();
    if (!kept_lock_.empty()) {
        try {
            net::remove_lock(kept_lock_);
        } catch (const Error& error) {
            log::debug("the lock of the dump is gone: {}", error.what());
        }
    }
    for (const Made& made : made_)
        revive(made);
    for (const Made& made : made_)
        finish(made);
}

void InetSockets::revive(const Made& made) {
    const image::InetSocket& socket = *made.record;
    if (!is_connection(socket) || must_end(socket))
        return;
    // Nobody is there to answer a probe but with a reset.
    if (socket.other_end_closed())
        net::stop_repair_silently(made.fd.get(), 0);
    else
        net::stop_repair(made.fd.get());
    // Corked and delayed as before; the rest of the data goes by it.
    set_options(socket, made.fd.get(), net::OptionTime::last);
    net::TcpConnection connection = connection_of(socket);
    net::send_unsent(made.fd.get(), connection);
    set_last_options(socket, made.fd.get());
    if (connection.fin_sent() && !connection.fin_received)
        sys::shutdown_socket(made.fd.get(), SHUT_WR);
}

// What comes when all are alive: those that closed after their other end did so again.
void InetSockets::finish(const Made& made) {
    const image::InetSocket& socket = *made.record;
    int fd = made.fd.get();
    if (socket.tcp().fin_received() && connection_of(socket).fin_sent())
        sys::shutdown_socket(fd, SHUT_WR);
    if (is_stream(socket) && socket.state() == TCP_SYN_SENT) {
        bool before = sys::set_nonblocking(fd, true);
        sys::connect_socket(fd, socket.remote());
        sys::set_nonblocking(fd, before);
    }
    if (!is_stream(socket) && socket.shutdown() != 0)
        sys::shutdown_socket(fd, SHUT_RD);
}

}  // namespace crtool::restore
