// See tcp_repair.h. tcp(7) does not tell of repair mode; the kernel's net/ipv4/tcp.c does.
#include "net/tcp_repair.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.h"
#include "base/log.h"
#include "base/scope_exit.h"
#include "sys/inet_calls.h"
#include "sys/notify_calls.h"
#include "sys/socket_calls.h"

namespace crtool::net {
namespace {

constexpr int kOffSilently = -1;  // TCP_REPAIR_OFF_NO_WP, kernel ≥ 4.19
constexpr int kReceiveQueue = 1;  // TCP_RECV_QUEUE
constexpr int kSendQueue = 2;     // TCP_SEND_QUEUE
constexpr int kNoQueue = 0;
constexpr size_t kPiece = 16 * 1024;  // of a queue: fits into the memory of a small buffer
constexpr size_t kMaxSegment = 64 * 1024;

// Option codes of TCP_REPAIR_OPTIONS: those of the TCP header.
constexpr uint32_t kMaxseg = 2;
constexpr uint32_t kWindow = 3;
constexpr uint32_t kSackPermitted = 4;
constexpr uint32_t kTimestamps = 8;

constexpr uint8_t kFinSent = 1;
constexpr uint8_t kFinReceived = 2;
constexpr uint8_t kFinAcknowledged = 4;

// By state (enum of netinet/tcp.h).
uint8_t fins(uint8_t state) {
    switch (state) {
        case TCP_FIN_WAIT1:
            return kFinSent;
        case TCP_FIN_WAIT2:
            return kFinSent | kFinAcknowledged;
        case TCP_CLOSE_WAIT:
            return kFinReceived;
        case TCP_CLOSING:
        case TCP_LAST_ACK:
            return kFinSent | kFinReceived;
        default:
            return 0;
    }
}

bool is_after(uint32_t a, uint32_t b) {
    return static_cast<int32_t>(a - b) > 0;
}

template <typename T>
T get(int fd, int name) {
    std::string value = sys::socket_option(fd, IPPROTO_TCP, name, sizeof(T)).value_or("");
    if (value.size() != sizeof(T))
        fail(Errc::unsupported, "the kernel does not tell option {} of a TCP connection", name);
    T result{};
    std::memcpy(&result, value.data(), sizeof result);
    return result;
}

template <typename T>
void set(int fd, int name, const T& value) {
    sys::set_option(fd, IPPROTO_TCP, name, {reinterpret_cast<const char*>(&value), sizeof value});
}

uint32_t queue_seq(int fd, int queue) {
    set(fd, TCP_REPAIR_QUEUE, queue);
    return get<uint32_t>(fd, TCP_QUEUE_SEQ);
}

// What the kernel counts of a connection. It moves as long as packets are on their way: an
// acknowledgement shortens the send queue, data of the other end lengthens the receive queue.
struct QueueNumbers {
    uint8_t state;
    uint32_t written, in_flight, unsent, received, unread;

    bool operator==(const QueueNumbers&) const = default;
};

QueueNumbers numbers_of(int fd) {
    QueueNumbers numbers{};
    numbers.state = sys::tcp_info_of(fd).tcpi_state;
    numbers.written = queue_seq(fd, kSendQueue);
    numbers.in_flight = static_cast<uint32_t>(sys::unacked_bytes(fd));
    numbers.unsent = static_cast<uint32_t>(sys::unsent_bytes(fd));
    numbers.received = queue_seq(fd, kReceiveQueue);
    numbers.unread = static_cast<uint32_t>(sys::unread_bytes(fd));
    return numbers;
}

// While something else may have failed.
void set_peek_offset(int fd, int offset) {
    try {
        sys::set_socket_option(fd, SOL_SOCKET, SO_PEEK_OFF, offset);
    } catch (const Error& error) {
        log::warn("{}", error.what());
    }
}

// Looks stop at the mark of urgent data, even in line; not those that begin there.
std::string peek_unread(int fd, uint32_t bytes, const Urgent& urgent) {
    uint32_t at = urgent.has_mark() ? urgent.at : 0;
    std::string data = sys::peek_bytes(fd, at == 0 ? bytes : at);
    if (at == 0)
        return data;
    if (!sys::socket_option_int(fd, SOL_SOCKET, SO_PEEK_OFF))
        fail(Errc::unsupported,
             "this kernel cannot look beyond urgent data (MSG_OOB) in a TCP connection: Linux 6.9 "
             "can");
    ScopeExit stop([&] { set_peek_offset(fd, -1); });
    sys::set_socket_option(fd, SOL_SOCKET, SO_PEEK_OFF, static_cast<int>(at));
    return data + sys::peek_bytes(fd, bytes - at);
}

// False when it has moved meanwhile.
bool try_read_queues(int fd, const InLine& in_line, TcpConnection& connection) {
    QueueNumbers numbers = numbers_of(fd);
    connection.urgent = in_line.read_urgent();
    connection.state = numbers.state;
    uint8_t fin = fins(connection.state);
    uint32_t sent_fin = (fin & kFinSent) != 0 ? 1 : 0;
    uint32_t unacked_fin = (fin & kFinAcknowledged) != 0 ? 0 : sent_fin;
    if (numbers.in_flight < unacked_fin)
        return false;
    uint32_t length = numbers.in_flight - unacked_fin;
    connection.send_seq = numbers.written - sent_fin - length;
    connection.unsent = numbers.unsent > unacked_fin ? numbers.unsent - unacked_fin : 0;
    // The first of what is in the queue may have been acknowledged in part, but is given whole.
    set(fd, TCP_REPAIR_QUEUE, kSendQueue);
    std::string sent = length == 0 ? "" : sys::peek_up_to(fd, length + kMaxSegment);
    if (sent.size() < length)
        return false;
    connection.unacked = sent.substr(sent.size() - length);
    connection.fin_received = (fin & kFinReceived) != 0;
    connection.receive_seq = numbers.received - (connection.fin_received ? 1 : 0) - numbers.unread;
    set(fd, TCP_REPAIR_QUEUE, kReceiveQueue);
    connection.unread = peek_unread(fd, numbers.unread, connection.urgent);
    return numbers_of(fd) == numbers;
}

void read_queues(int fd, TcpConnection& connection) {
    constexpr int kMostTries = 1000;
    InLine in_line(fd);
    for (int tries = 0; !try_read_queues(fd, in_line, connection); tries++)
        if (tries == kMostTries)
            fail(Errc::system, "a TCP connection does not come to rest: try again a moment later");
    set(fd, TCP_REPAIR_QUEUE, kNoQueue);
}

void read_agreement(int fd, TcpConnection& connection) {
    tcp_info info = sys::tcp_info_of(fd);
    connection.has_window_scale = (info.tcpi_options & TCPI_OPT_WSCALE) != 0;
    connection.send_scale = info.tcpi_snd_wscale;
    connection.receive_scale = info.tcpi_rcv_wscale;
    connection.sack = (info.tcpi_options & TCPI_OPT_SACK) != 0;
    connection.timestamps = (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0;
    connection.mss = static_cast<uint32_t>(get<int>(fd, TCP_MAXSEG));
    connection.timestamp = get<uint32_t>(fd, TCP_TIMESTAMP);
    connection.window = get<tcp_repair_window>(fd, TCP_REPAIR_WINDOW);
}

void set_agreement(int fd, const TcpConnection& connection) {
    std::array<tcp_repair_opt, 4> options{};
    size_t count = 0;
    options[count++] = {kMaxseg, connection.mss};
    if (connection.has_window_scale)
        options[count++] = {kWindow,
                            connection.send_scale | uint32_t{connection.receive_scale} << 16};
    if (connection.sack)
        options[count++] = {kSackPermitted, 0};
    if (connection.timestamps)
        options[count++] = {kTimestamps, 0};
    sys::set_option(fd, IPPROTO_TCP, TCP_REPAIR_OPTIONS,
                    {reinterpret_cast<const char*>(options.data()), count * sizeof options[0]});
    if (connection.timestamps)
        set(fd, TCP_TIMESTAMP, connection.timestamp);
}

void fill_queue(int fd, int queue, std::string_view data) {
    if (data.empty())
        return;
    set(fd, TCP_REPAIR_QUEUE, queue);
    sys::send_bytes(fd, data, kPiece);
}

uint32_t right_edge(const tcp_repair_window& window) {
    return window.rcv_wup + window.rcv_wnd;
}

// The kernel takes no marks beyond `received`, up to where the queue is filled.
tcp_repair_window window_at(const TcpConnection& connection, uint32_t received) {
    tcp_repair_window window = connection.window;
    if (is_after(window.rcv_wup, received)) {
        window.rcv_wnd += window.rcv_wup - received;
        window.rcv_wup = received;
    }
    if (is_after(window.snd_wl1, received))
        window.snd_wl1 = received;
    return window;
}

}  // namespace

uint32_t TcpConnection::acknowledged() const {
    return send_seq + (fin_acknowledged() ? 1 : 0);
}

uint32_t TcpConnection::sent() const {
    return send_seq + static_cast<uint32_t>(unacked.size()) - unsent + (fin_sent() ? 1 : 0);
}

uint32_t TcpConnection::received() const {
    return receive_seq + static_cast<uint32_t>(unread.size()) + (fin_received ? 1 : 0);
}

bool TcpConnection::fin_sent() const {
    return (fins(state) & kFinSent) != 0;
}

bool TcpConnection::fin_acknowledged() const {
    return (fins(state) & kFinAcknowledged) != 0;
}

uint16_t TcpConnection::window_field() const {
    return static_cast<uint16_t>(std::min<uint32_t>(window.snd_wnd >> send_scale, UINT16_MAX));
}

bool fit_together(const TcpConnection& a, const TcpConnection& b) {
    return !is_after(a.acknowledged(), b.received()) && !is_after(b.acknowledged(), a.received()) &&
           !is_after(a.received(), b.sent()) && !is_after(b.received(), a.sent());
}

bool has_connection(uint8_t state) {
    return state == TCP_ESTABLISHED || fins(state) != 0;
}

void start_repair(int fd) {
    sys::set_socket_option(fd, IPPROTO_TCP, TCP_REPAIR, 1);
}

void stop_repair_silently(int fd, int reuse_address) {
    sys::set_socket_option(fd, IPPROTO_TCP, TCP_REPAIR, kOffSilently);
    sys::set_socket_option(fd, SOL_SOCKET, SO_REUSEADDR, reuse_address);
}

void stop_repair(int fd) {
    sys::set_socket_option(fd, IPPROTO_TCP, TCP_REPAIR, 0);
}

TcpConnection read_connection(int fd) {
    int reuse = sys::socket_option_int(fd, SOL_SOCKET, SO_REUSEADDR).value_or(0);
    int peek_at = sys::socket_option_int(fd, SOL_SOCKET, SO_PEEK_OFF).value_or(-1);
    start_repair(fd);
    ScopeExit stop([&] {
        try {
            stop_repair_silently(fd, reuse);
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
        if (peek_at >= 0)
            set_peek_offset(fd, peek_at);
    });
    if (peek_at >= 0)
        sys::set_socket_option(fd, SOL_SOCKET, SO_PEEK_OFF, -1);
    // A packet in between changes the state and the queues together: what was read is thrown away.
    for (int attempt = 0; attempt < 100; attempt++) {
        TcpConnection connection;
        connection.state = sys::tcp_info_of(fd).tcpi_state;
        if (!has_connection(connection.state))
            return connection;
        read_agreement(fd, connection);
        read_queues(fd, connection);
        uint32_t received = queue_seq(fd, kReceiveQueue);
        set(fd, TCP_REPAIR_QUEUE, kNoQueue);
        auto window = get<tcp_repair_window>(fd, TCP_REPAIR_WINDOW);
        if (received == connection.received() &&
            std::memcmp(&window, &connection.window, sizeof window) == 0 &&
            sys::tcp_info_of(fd).tcpi_state == connection.state)
            return connection;
    }
    fail(Errc::system, "a TCP connection does not come to rest");
}

void make_connection(int fd, const TcpConnection& connection, std::string_view local,
                     std::string_view remote) {
    set(fd, TCP_REPAIR_QUEUE, kSendQueue);
    set(fd, TCP_QUEUE_SEQ, connection.send_seq);
    set(fd, TCP_REPAIR_QUEUE, kReceiveQueue);
    set(fd, TCP_QUEUE_SEQ, connection.receive_seq);
    set(fd, TCP_REPAIR_QUEUE, kNoQueue);
    sys::bind_socket(fd, local);
    sys::connect_socket(fd, remote);
    set_agreement(fd, connection);
    std::string_view unread(connection.unread);
    if (connection.urgent.has_mark())
        unread = unread.substr(0, connection.urgent.at);
    fill_queue(fd, kReceiveQueue, unread);
    std::string_view sent = connection.unacked;
    sent.remove_suffix(connection.unsent);
    fill_queue(fd, kSendQueue, sent);
    set(fd, TCP_REPAIR_QUEUE, kNoQueue);
    // The FIN that was received comes again later.
    uint32_t received = connection.receive_seq + static_cast<uint32_t>(unread.size());
    set(fd, TCP_REPAIR_WINDOW, window_at(connection, received));
}

void complete_connection(int fd, const TcpConnection& connection, const Endpoint& local,
                         const Endpoint& remote, PacketSender& sender) {
    std::string_view rest = std::string_view(connection.unread).substr(connection.urgent.at);
    uint32_t mark = connection.receive_seq + connection.urgent.at;
    sender.send(local, tcp_packet(remote, local, mark, connection.send_seq, kTcpUrg | kTcpAck,
                                  connection.window_field(), rest.substr(0, 1)));
    await_packet(fd, POLLPRI);
    if (queue_seq(fd, kReceiveQueue) != mark + 1)
        fail(Errc::system, "urgent data of a TCP connection cannot be made again");
    if (connection.urgent.state == Urgent::State::read) {
        int in_line = sys::socket_option_int(fd, SOL_SOCKET, SO_OOBINLINE).value_or(0);
        sys::set_socket_option(fd, SOL_SOCKET, SO_OOBINLINE, 0);
        sys::forget_urgent_byte(fd);
        sys::set_socket_option(fd, SOL_SOCKET, SO_OOBINLINE, in_line);
    }
    fill_queue(fd, kReceiveQueue, rest.substr(1));
    set(fd, TCP_REPAIR_QUEUE, kNoQueue);
    // The acknowledgement of the byte may have made the window greater, which is not taken back.
    tcp_repair_window window = window_at(
        connection, connection.receive_seq + static_cast<uint32_t>(connection.unread.size()));
    uint32_t edge = right_edge(get<tcp_repair_window>(fd, TCP_REPAIR_WINDOW));
    if (is_after(edge, right_edge(window)))
        window.rcv_wnd = edge - window.rcv_wup;
    set(fd, TCP_REPAIR_WINDOW, window);
}

// Reset by the other end, so that neither has a packet or a timer left; crtool hears of the error.
void make_ended_connection(int fd, std::string_view unread, const Endpoint& local,
                           const Endpoint& remote, int domain, PacketSender& sender) {
    start_repair(fd);
    sys::bind_socket(fd, to_sockaddr(local, domain));
    sys::connect_socket(fd, to_sockaddr(remote, domain));
    fill_queue(fd, kReceiveQueue, unread);
    uint32_t received = queue_seq(fd, kReceiveQueue);
    sender.send(local, tcp_packet(remote, local, received, 0, kTcpRst, 0));
    await_packet(fd, POLLHUP);
    stop_repair_silently(fd, 0);
    if (sys::socket_option_int(fd, SOL_SOCKET, SO_ERROR) != ECONNRESET)
        fail(Errc::system, "a TCP connection that was over cannot be made so again");
}

void await_packet(int fd, short events) {
    constexpr int kMilliseconds = 10'000;  // loopback packets may be late on a busy machine
    if (!sys::wait_for_events(fd, events, kMilliseconds))
        fail(Errc::system,
             "a packet to a socket of this machine does not arrive, as if a firewall "
             "kept it from the loopback device");
}

void send_unsent(int fd, const TcpConnection& connection) {
    std::string_view rest(connection.unacked);
    sys::send_bytes(fd, rest.substr(rest.size() - connection.unsent), kPiece);
}

}  // namespace crtool::net
