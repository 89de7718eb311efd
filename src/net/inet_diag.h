// What sock_diag(7) tells of TCP sockets that they do not tell themselves: whom one that is still
// connecting (SYN_SENT) wants to reach.
#pragma once

#include <cstdint>
#include <vector>

#include "net/endpoint.h"
#include "net/netlink.h"

namespace crtool::net {

struct Connecting {
    uint32_t ino = 0;  // of sockfs: st_ino of a descriptor
    Endpoint remote;
};

// Of one answer (struct inet_diag_msg), without its nlmsghdr.
Connecting parse_inet_diag(Bytes message);

// All of the caller's network namespace that are in SYN_SENT.
std::vector<Connecting> connecting_sockets();

}  // namespace crtool::net
