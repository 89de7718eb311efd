// See packet_ring.h.
#include "net/packet_ring.h"

#include <linux/if_packet.h>

#include <atomic>
#include <cstring>

namespace crtool::net {
namespace {

// Heads of units begin at multiples of 16 bytes, or of pages.
uint32_t& word(std::byte* unit, size_t offset) {
    return *reinterpret_cast<uint32_t*>(unit + offset);
}

uint32_t load(std::byte* unit, size_t offset) {
    return std::atomic_ref(word(unit, offset)).load(std::memory_order_acquire);
}

// TPACKET_V1 has 64 bits, of which only the lower ones are used.
size_t status_offset(const RingShape& shape) {
    if (shape.has_blocks())
        return offsetof(tpacket_block_desc, hdr.bh1.block_status);
    return shape.version == TPACKET_V3 ? offsetof(tpacket3_hdr, tp_status) : 0;
}

size_t length_offset(const RingShape& shape) {
    switch (shape.version) {
        case TPACKET_V1:
            return offsetof(tpacket_hdr, tp_len);
        case TPACKET_V2:
            return offsetof(tpacket2_hdr, tp_len);
        default:
            return offsetof(tpacket3_hdr, tp_len);
    }
}

uint64_t join(uint32_t high, uint32_t low) {
    return uint64_t{high} << 32 | low;
}

}  // namespace

bool RingShape::has_blocks() const {
    return version == TPACKET_V3 && !transmits;
}

std::byte* Ring::at(uint32_t unit) const {
    if (shape_.has_blocks())
        return memory_ + uint64_t{unit} * shape_.block_size;
    uint32_t per_block = shape_.block_size / shape_.frame_size;
    return memory_ + uint64_t{unit / per_block} * shape_.block_size +
           uint64_t{unit % per_block} * shape_.frame_size;
}

uint32_t Ring::status(uint32_t unit) const {
    return load(at(unit), status_offset(shape_));
}

void Ring::set_status(uint32_t unit, uint32_t status) const {
    std::atomic_ref(word(at(unit), status_offset(shape_))).store(status);
}

void Ring::change_status(uint32_t unit, uint32_t from, uint32_t to) const {
    std::atomic_ref(word(at(unit), status_offset(shape_))).compare_exchange_strong(from, to);
}

uint64_t Ring::order(uint32_t unit) const {
    std::byte* head = at(unit);
    if (shape_.has_blocks())
        return join(load(head, offsetof(tpacket_block_desc, hdr.bh1.seq_num) + 4),
                    load(head, offsetof(tpacket_block_desc, hdr.bh1.seq_num)));
    if (shape_.version == TPACKET_V1)
        return join(load(head, offsetof(tpacket_hdr, tp_sec)),
                    load(head, offsetof(tpacket_hdr, tp_usec)));
    return join(load(head, offsetof(tpacket2_hdr, tp_sec)),
                load(head, offsetof(tpacket2_hdr, tp_nsec)));
}

uint32_t Ring::length(uint32_t unit) const {
    return load(at(unit), length_offset(shape_));
}

void Ring::set_length(uint32_t unit, uint32_t length) const {
    std::atomic_ref(word(at(unit), length_offset(shape_))).store(length);
}

}  // namespace crtool::net
