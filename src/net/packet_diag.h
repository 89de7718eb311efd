// What sock_diag(7) tells of packet sockets and they do not tell themselves: all of a network
// namespace at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/netlink.h"
#include "net/packet_ring.h"

namespace crtool::net {

struct PacketMembership {
    uint32_t index = 0;  // of the interface
    uint32_t count = 0;
    uint16_t type = 0;  // PACKET_MR_*
    std::string address;
};

struct PacketInfo {
    uint32_t ino = 0;      // of sockfs: st_ino of a descriptor
    bool running = false;  // it hears what comes
    uint32_t copy_thresh = 0;
    int version = 0;                            // TPACKET_V1 …
    std::vector<PacketMembership> memberships;  // the last one first
    std::optional<uint16_t> fanout;             // number of the group
    std::optional<RingShape> rx_ring;
    std::optional<RingShape> tx_ring;
    // Of a receiving ring of TPACKET_V3.
    uint32_t retire_tov = 0;
    uint32_t sizeof_priv = 0;
    uint32_t features = 0;
};

// Of one answer (struct packet_diag_msg), without its nlmsghdr.
PacketInfo parse_packet_diag(Bytes message);

// All of the caller's network namespace.
std::vector<PacketInfo> packet_sockets();

}  // namespace crtool::net
