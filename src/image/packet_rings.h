// What several rooms ask of the record of a packet socket.
#pragma once

#include <cstdint>

#include "proto/packet_socket.pb.h"

namespace crtool::image {

// 0: as in a new socket.
inline uint32_t packet_option(const PacketSocket& socket, uint32_t name) {
    for (const PacketOption& option : socket.options())
        if (option.name() == name)
            return option.value();
    return 0;
}

// Of both rings, as they are mapped.
inline uint64_t ring_bytes(const PacketSocket& socket) {
    auto bytes = [](const PacketRing& ring) {
        return uint64_t{ring.block_size()} * ring.block_nr();
    };
    return bytes(socket.rx_ring()) + bytes(socket.tx_ring());
}

}  // namespace crtool::image
