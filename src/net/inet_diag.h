// What sock_diag(7) tells of TCP sockets that they do not tell themselves: whom one that is still
// connecting (SYN_SENT) wants to reach, and sockets that no descriptor leads to.
#pragma once

#include <cstdint>
#include <vector>

#include "net/endpoint.h"
#include "net/netlink.h"

namespace crtool::net {

struct TcpSocket {
    uint32_t ino = 0;  // of sockfs: st_ino of a descriptor; 0: nobody has one
    uint8_t state = 0;
    Endpoint local;
    Endpoint remote;
    uint32_t waiting = 0;  // of a listener: connections that wait to be accepted
};

// Of one answer (struct inet_diag_msg), without its nlmsghdr.
TcpSocket parse_inet_diag(Bytes message);

// All of the caller's network namespace in these states (a bit for each, 1 << TCP_SYN_SENT).
std::vector<TcpSocket> tcp_sockets(uint32_t states);

}  // namespace crtool::net
