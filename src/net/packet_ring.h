// A ring that a packet socket shares with its program (packet(7), PACKET_RX_RING, PACKET_TX_RING):
// where in memory its units are, and their words. A unit is what the kernel and the program hand to
// each other: a frame, or of a receiving ring of TPACKET_V3 a block.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crtool::net {

struct RingShape {
    int version = 0;  // TPACKET_V1 …
    bool transmits = false;
    uint32_t block_size = 0;
    uint32_t block_nr = 0;
    uint32_t frame_size = 0;
    uint32_t frame_nr = 0;

    bool has_blocks() const;

    uint32_t units() const { return has_blocks() ? block_nr : frame_nr; }

    uint64_t bytes() const { return uint64_t{block_size} * block_nr; }
};

// All words may be written to by the kernel, or by a program, at any time.
class Ring {
  public:
    // `memory`: shape.bytes(), which stay the caller's.
    Ring(const RingShape& shape, std::byte* memory) : shape_(shape), memory_(memory) {}

    const RingShape& shape() const { return shape_; }

    uint32_t units() const { return shape_.units(); }

    uint32_t next(uint32_t unit) const { return unit + 1 == units() ? 0 : unit + 1; }

    uint32_t before(uint32_t unit) const { return unit == 0 ? units() - 1 : unit - 1; }

    std::byte* at(uint32_t unit) const;
    uint32_t status(uint32_t unit) const;
    void set_status(uint32_t unit, uint32_t status) const;
    // Unless it is another one than `from` by now.
    void change_status(uint32_t unit, uint32_t from, uint32_t to) const;
    // Grows from unit to unit in the order in which the kernel has filled them: a time, or the
    // number of a block. 0: never filled.
    uint64_t order(uint32_t unit) const;
    // Of a frame to transmit.
    uint32_t length(uint32_t unit) const;
    void set_length(uint32_t unit, uint32_t length) const;

  private:
    RingShape shape_;
    std::byte* memory_;
};

}  // namespace crtool::net
