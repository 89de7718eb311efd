// Calls on internet sockets, errors as exceptions. An address is a struct sockaddr_in or
// sockaddr_in6 as a string of bytes; it is empty where there is none.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sys/fd.h"

namespace crtool::sys {

// socket(2), close-on-exec.
UniqueFd make_socket(int domain, int type, int protocol);
// nullopt where the kernel has no such protocol (EPROTONOSUPPORT and the like).
std::optional<UniqueFd> try_make_socket(int domain, int type, int protocol);

std::string local_address(int fd);
std::string remote_address(int fd);
// "192.0.2.1:80" or "[fd00::1]:80"; "-" for an empty one.
std::string address_text(std::string_view address);

void set_option(int fd, int level, int name, std::string_view value);
void bind_socket(int fd, std::string_view address);
void listen_socket(int fd, int backlog);
// connect(2); true when it is done, false when it goes on (EINPROGRESS).
bool connect_socket(int fd, std::string_view address);
void shutdown_socket(int fd, int how);
// O_NONBLOCK; whether it was set before.
bool set_nonblocking(int fd, bool on);

// TCP_INFO; of a kernel that knows fewer fields the rest is 0.
tcp_info tcp_info_of(int fd);
// SIOCOUTQ, SIOCOUTQNSD: bytes. (What is unread: unread_bytes of notify_calls.h.)
int unacked_bytes(int fd);
int unsent_bytes(int fd);

// Of a UDP socket: a datagram is being put together (UDP_CORK, MSG_MORE). Binds a socket that is
// not bound.
bool has_corked_datagram(int fd, int family);

// recv(2) with MSG_PEEK of exactly this much.
std::string peek_bytes(int fd, size_t bytes);
// The same, of as much as is there, up to `limit`.
std::string peek_up_to(int fd, size_t limit);
// send(2) in pieces until all is taken. Never waits: no room is an error.
void send_bytes(int fd, std::string_view data, size_t piece);
// Urgent data of a TCP connection, by recv(2) with MSG_OOB | MSG_PEEK; `awaited`: it has been
// announced; `none`: or it has been read, or is in line.
enum class UrgentByte { none, awaited, unread };
UrgentByte peek_urgent_byte(int fd);
// The same without MSG_PEEK: it has been read then.
void forget_urgent_byte(int fd);
void send_to(int fd, std::string_view data, std::string_view address);

struct PeekedDatagram {
    std::string from;
    std::string data;
};

// recvmsg(2) with MSG_PEEK, from where SO_PEEK_OFF is; nullopt when nothing is there.
std::optional<PeekedDatagram> peek_datagram(int fd);

// MCAST_MSFILTER: struct group_filter of a group that the socket has joined; nullopt: it has not.
// `level` is IPPROTO_IP or IPPROTO_IPV6, `group` an address.
std::optional<std::string> group_filter_of(int fd, int level, unsigned interface,
                                           std::string_view group);

}  // namespace crtool::sys
