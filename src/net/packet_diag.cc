// See packet_diag.h.
#include "net/packet_diag.h"

#include <linux/packet_diag.h>
#include <sys/socket.h>

#include <algorithm>

#include "net/sock_diag.h"

namespace crtool::net {
namespace {

// An attribute without attributes of its own: one structure after the other.
void read_memberships(Bytes value, PacketInfo& info) {
    for (; value.size() >= sizeof(packet_diag_mclist);
         value = value.subspan(sizeof(packet_diag_mclist))) {
        auto entry = take_struct<packet_diag_mclist>(value);
        size_t length = std::min<size_t>(entry.pdmc_alen, sizeof entry.pdmc_addr);
        info.memberships.push_back(
            {.index = entry.pdmc_index,
             .count = entry.pdmc_count,
             .type = entry.pdmc_type,
             .address = {reinterpret_cast<const char*>(entry.pdmc_addr), length}});
    }
}

RingShape ring_of(Bytes value, bool transmits) {
    auto ring = take_struct<packet_diag_ring>(value);
    return {.transmits = transmits,
            .block_size = ring.pdr_block_size,
            .block_nr = ring.pdr_block_nr,
            .frame_size = ring.pdr_frame_size,
            .frame_nr = ring.pdr_frame_nr};
}

void read_attribute(int type, Bytes value, PacketInfo& info) {
    switch (type) {
        case PACKET_DIAG_INFO: {
            auto all = take_struct<packet_diag_info>(value);
            info.running = (all.pdi_flags & PDI_RUNNING) != 0;
            info.copy_thresh = all.pdi_copy_thresh;
            info.version = static_cast<int>(all.pdi_version);
            return;
        }
        case PACKET_DIAG_MCLIST:
            return read_memberships(value, info);
        case PACKET_DIAG_FANOUT:
            info.fanout = static_cast<uint16_t>(take_struct<uint32_t>(value));
            return;
        case PACKET_DIAG_RX_RING:
            info.rx_ring = ring_of(value, false);
            info.retire_tov = take_struct<packet_diag_ring>(value).pdr_retire_tmo;
            info.sizeof_priv = take_struct<packet_diag_ring>(value).pdr_sizeof_priv;
            info.features = take_struct<packet_diag_ring>(value).pdr_features;
            return;
        case PACKET_DIAG_TX_RING:
            info.tx_ring = ring_of(value, true);
            return;
        default:
            return;
    }
}

}  // namespace

PacketInfo parse_packet_diag(Bytes message) {
    auto head = take_struct<packet_diag_msg>(message);
    PacketInfo info;
    info.ino = head.pdiag_ino;
    for_each_attribute(message.subspan(sizeof head),
                       [&](int type, Bytes value) { read_attribute(type, value, info); });
    for (std::optional<RingShape>* ring : {&info.rx_ring, &info.tx_ring})
        if (*ring)
            (*ring)->version = info.version;
    return info;
}

std::vector<PacketInfo> packet_sockets() {
    packet_diag_req request{};
    request.sdiag_family = AF_PACKET;
    request.pdiag_show =
        PACKET_SHOW_INFO | PACKET_SHOW_MCLIST | PACKET_SHOW_RING_CFG | PACKET_SHOW_FANOUT;
    return sock_diag(request, parse_packet_diag);
}

}  // namespace crtool::net
