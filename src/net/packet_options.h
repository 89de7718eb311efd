// Options of packet sockets that can be read and set again (packet(7)), all of them one int that is
// 0 in a new socket.
#pragma once

#include <linux/if_packet.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "sys/uapi_compat.h"

namespace crtool::net {

// In the order of setting: PACKET_VNET_HDR_SZ says more than PACKET_VNET_HDR, which is set first.
inline constexpr std::array<uint32_t, 12> kPacketOptions = {
    PACKET_VERSION,     PACKET_RESERVE,         PACKET_LOSS,         PACKET_VNET_HDR,
    PACKET_VNET_HDR_SZ, PACKET_TX_HAS_OFF,      PACKET_AUXDATA,      PACKET_ORIGDEV,
    PACKET_TIMESTAMP,   PACKET_IGNORE_OUTGOING, PACKET_QDISC_BYPASS, PACKET_COPY_THRESH,
};

constexpr bool is_packet_option(uint32_t name) {
    return std::ranges::find(kPacketOptions, name) != kPacketOptions.end();
}

}  // namespace crtool::net
