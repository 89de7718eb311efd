// What sock_diag(7) tells of unix sockets: all of a network namespace at once, so that the cost per
// socket is constant however many there are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/netlink.h"

namespace crtool::net {

struct UnixSocketInfo {
    uint32_t ino = 0;      // of sockfs: st_ino of a descriptor
    uint8_t type = 0;      // SOCK_STREAM …
    uint8_t state = 0;     // TCP_ESTABLISHED, TCP_CLOSE or TCP_LISTEN
    uint8_t shutdown = 0;  // bit 0: receiving, bit 1: sending
    // sun_path as the kernel keeps it: a path without its NUL, or an abstract name that begins with
    // NUL; empty: not bound.
    std::string name;
    // It has a peer, or had one. `peer` is 0 for a peer without a descriptor: it has been closed,
    // or is a connection that nobody has accepted yet.
    bool has_peer = false;
    uint32_t peer = 0;
    // Of a listener: who waits to be accepted, in order; 0: it has been closed meanwhile.
    std::vector<uint32_t> pending;
    uint32_t queue = 0;    // bytes to read; of a listener: connections to accept
    uint32_t backlog = 0;  // of a listener; of others: memory of what was sent and not yet read
    uint32_t file_ino = 0;
    uint32_t file_dev = 0;  // both 0 where there is no path
    uint32_t sndbuf = 0;
    uint32_t rcvbuf = 0;
};

// Of one answer, without its nlmsghdr.
UnixSocketInfo parse_unix_diag(Bytes message);

// All unix sockets of the caller's network namespace that have a descriptor somewhere.
std::vector<UnixSocketInfo> read_unix_sockets();

}  // namespace crtool::net
