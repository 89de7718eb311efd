// Options of netlink sockets that are on or off (netlink(7)).
#pragma once

#include <linux/netlink.h>

#include <array>
#include <cstdint>

namespace crtool::net {

inline constexpr std::array kNetlinkModes = {
    NETLINK_PKTINFO, NETLINK_BROADCAST_ERROR, NETLINK_NO_ENOBUFS,     NETLINK_LISTEN_ALL_NSID,
    NETLINK_CAP_ACK, NETLINK_EXT_ACK,         NETLINK_GET_STRICT_CHK,
};

// The bits that NetlinkSocket.modes may have.
constexpr uint32_t netlink_mode_bits() {
    uint32_t bits = 0;
    for (int name : kNetlinkModes)
        bits |= 1U << name;
    return bits;
}

}  // namespace crtool::net
