// TCP connections in repair mode (TCP_REPAIR): what can be read of one, and how it is made again.
// Works on descriptors in the caller's network namespace; needs CAP_NET_ADMIN. Knows nothing of
// images. What each value means stands in proto/inet_socket.proto.
#pragma once

#include <netinet/tcp.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "net/endpoint.h"
#include "net/packet.h"
#include "net/tcp_urgent.h"

namespace crtool::net {

struct TcpConnection {
    uint8_t state = 0;  // TCP_ESTABLISHED …
    uint32_t send_seq = 0;
    uint32_t receive_seq = 0;
    std::string unacked;
    uint32_t unsent = 0;
    std::string unread;
    bool fin_received = false;
    uint32_t mss = 0;
    bool has_window_scale = false;
    uint8_t send_scale = 0;
    uint8_t receive_scale = 0;
    bool sack = false;
    bool timestamps = false;
    uint32_t timestamp = 0;
    tcp_repair_window window{};
    Urgent urgent;

    // Up to where the other end has acknowledged; up to where this end has received and sent.
    uint32_t acknowledged() const;
    uint32_t received() const;
    uint32_t sent() const;
    bool fin_sent() const;
    bool fin_acknowledged() const;
    // Of the other end, as a header has it.
    uint16_t window_field() const;
};

// Two ends of a connection, read one after the other while packets were under way: whether they fit
// together. Neither may have been acknowledged more than the other has received, nor have received
// more than the other has sent: acknowledgements of what was never sent are not heard, for ever.
bool fit_together(const TcpConnection& a, const TcpConnection& b);

// Whether a connection in this state has numbers and queues to carry.
bool has_connection(uint8_t state);

// Closing an open connection is silent as long as it is in repair mode.
void start_repair(int fd);
// Ends repair mode without a packet, and gives back SO_REUSEADDR, which repair mode takes.
void stop_repair_silently(int fd, int reuse_address);
// Ends repair mode; the other end hears a window probe.
void stop_repair(int fd);

// Reads a connection; it is in repair mode meanwhile.
TcpConnection read_connection(int fd);

// Makes `fd`, a new socket in repair mode, the connection: established, whatever its state was, all
// that was received in its queue (up to the mark of urgent data), and all that was sent.
void make_connection(int fd, const TcpConnection& connection, std::string_view local,
                     std::string_view remote);
// What is missing of one with urgent data: `sender` says the urgent byte in the name of the other
// end. It is acknowledged: an end that is a socket of this machine must have been made by then.
void complete_connection(int fd, const TcpConnection& connection, const Endpoint& local,
                         const Endpoint& remote, PacketSender& sender);
// Makes `fd`, a new socket, one whose connection is over, with what is unread. The other end is
// made up; it says what it has to by `sender`.
void make_ended_connection(int fd, std::string_view unread, const Endpoint& local,
                           const Endpoint& remote, int domain, PacketSender& sender);
// Waits for what poll(2) says of a packet that was sent to `fd`: the kernel may take it later.
void await_packet(int fd, short events);
// After repair mode: the rest of what was written.
void send_unsent(int fd, const TcpConnection& connection);

}  // namespace crtool::net
