// Which unit of a ring the kernel uses next. Nothing tells it. For a receiving ring poll(2) does,
// by what it says when the status of the unit before that place is changed; for a transmitting one
// send(2) does, by what it makes of a frame that it cannot send. Both are changed for a moment and
// changed back, while the tree is frozen; frames may come all the while.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "net/packet_ring.h"

namespace crtool::dump {

// A receiving ring at one moment.
struct Receiving {
    uint32_t last = 0;  // the unit before the one that the kernel uses next
    std::vector<uint32_t> statuses;
    uint32_t packets = 0;  // in the block that is being filled
};

// `fd`: the socket. nullopt: the kernel was always faster.
std::optional<Receiving> look_at_receiving(int fd, const net::Ring& ring);

// The kernel writes the status of a frame some time after it went on to the next: it has done so
// meanwhile.
bool was_under_way(const net::Ring& ring, const Receiving& found);

// The block after `last` is being filled. If not, the kernel waits for the program to give it
// back, or has not seen yet that it did.
bool is_open(const net::Ring& ring, uint32_t last);

// nullopt: not found. Nothing of the ring may be under way.
std::optional<uint32_t> find_transmitting(int fd, const net::Ring& ring);

}  // namespace crtool::dump
