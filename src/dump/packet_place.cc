// See packet_place.h.
#include "dump/packet_place.h"

#include <linux/if_packet.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>

#include "base/scope_exit.h"
#include "net/loopback.h"
#include "sys/packet_calls.h"
#include "sys/socket_calls.h"

namespace crtool::dump {
namespace {

using net::Ring;

constexpr int kTries = 50;
constexpr uint32_t kCannotBeSent = UINT32_MAX;  // a negative length

bool has_unread(int fd) {
    return (sys::poll_now(fd) & POLLIN) != 0;
}

// poll(2) asks whether the unit that the kernel has filled last is still the program's.
bool is_last(int fd, const Ring& ring, uint32_t unit) {
    uint32_t before = ring.status(unit);
    uint32_t other = before == TP_STATUS_KERNEL ? TP_STATUS_USER : TP_STATUS_KERNEL;
    bool had_unread = has_unread(fd);
    ring.change_status(unit, before, other);
    ScopeExit restore([&] { ring.change_status(unit, other, before); });
    return has_unread(fd) != had_unread;
}

// The unit that was filled, or that is being filled, last.
uint32_t newest(const Ring& ring) {
    uint32_t best = 0;
    for (uint32_t unit = 0; unit < ring.units(); unit++)
        if (ring.order(unit) >= ring.order(best))
            best = unit;
    return best;
}

// nullopt: not found.
std::optional<uint32_t> find_last(int fd, const Ring& ring) {
    uint32_t guess = newest(ring);
    if (ring.units() == 1)
        return guess;
    // A block has its number from when it is opened, and must not be touched while it is filled.
    if (ring.shape().has_blocks() && ring.status(guess) == TP_STATUS_KERNEL &&
        is_last(fd, ring, ring.before(guess)))
        return ring.before(guess);
    if (is_last(fd, ring, guess))
        return guess;
    for (uint32_t unit = 0; unit < ring.units() && !ring.shape().has_blocks(); unit++)
        if (is_last(fd, ring, unit))
            return unit;
    return std::nullopt;
}

uint32_t packets_in(const Ring& ring, uint32_t block) {
    tpacket_block_desc head{};
    std::memcpy(&head, ring.at(block), sizeof head);
    return head.hdr.bh1.num_pkts;
}

// Looks for the frame that the kernel would send next, with frames that cannot be sent: it throws
// them out where frames may be lost (PACKET_LOSS), and marks them where not.
class Transmitting {
  public:
    Transmitting(int fd, const Ring& ring) : fd_(fd), ring_(ring) {}

    std::optional<uint32_t> find();

  private:
    bool is_next(uint32_t frame);
    void go_around(uint32_t frame);

    int fd_;
    const Ring& ring_;
    std::string name_ = net::loopback_name(0);
};

bool Transmitting::is_next(uint32_t frame) {
    uint32_t status = ring_.status(frame);
    uint32_t length = ring_.length(frame);
    ScopeExit restore([&] {
        ring_.set_length(frame, length);
        ring_.set_status(frame, status);
    });
    ring_.set_length(frame, kCannotBeSent);
    ring_.set_status(frame, TP_STATUS_SEND_REQUEST);
    sys::send_ring(fd_, name_, false);
    return ring_.status(frame) != TP_STATUS_SEND_REQUEST;
}

// The kernel has gone on by one frame: it goes once around.
void Transmitting::go_around(uint32_t frame) {
    std::vector<uint32_t> lengths;
    for (uint32_t i = ring_.next(frame); i != frame; i = ring_.next(i))
        lengths.push_back(ring_.length(i));
    ScopeExit restore([&] {
        size_t at = 0;
        for (uint32_t i = ring_.next(frame); i != frame; i = ring_.next(i))
            ring_.set_length(i, lengths[at++]);
    });
    for (uint32_t i = ring_.next(frame); i != frame; i = ring_.next(i)) {
        ring_.set_length(i, kCannotBeSent);
        ring_.set_status(i, TP_STATUS_SEND_REQUEST);
    }
    sys::send_ring(fd_, name_, false);
}

std::optional<uint32_t> Transmitting::find() {
    std::vector<uint32_t> statuses;
    for (uint32_t frame = 0; frame < ring_.units(); frame++)
        statuses.push_back(ring_.status(frame));
    ScopeExit restore([&] {
        for (uint32_t frame = 0; frame < ring_.units(); frame++)
            ring_.set_status(frame, statuses[frame]);
    });
    // Nothing of the program's is sent meanwhile.
    for (uint32_t frame = 0; frame < ring_.units(); frame++)
        ring_.set_status(frame, TP_STATUS_AVAILABLE);
    std::optional<uint32_t> found;
    for (uint32_t frame = 0; frame < ring_.units() && !found; frame++)
        if (is_next(frame))
            found = frame;
    if (found && sys::socket_option_int(fd_, SOL_PACKET, PACKET_LOSS).value_or(0) != 0)
        go_around(*found);
    return found;
}

}  // namespace

bool is_open(const Ring& ring, uint32_t last) {
    uint32_t next = ring.next(last);
    return ring.shape().has_blocks() && ring.status(next) == TP_STATUS_KERNEL &&
           ring.order(next) > ring.order(last);
}

std::optional<Receiving> look_at_receiving(int fd, const Ring& ring) {
    for (int tries = 0; tries < kTries; tries++) {
        std::optional<uint32_t> last = find_last(fd, ring);
        if (!last)
            continue;
        Receiving found{.last = *last};
        for (uint32_t unit = 0; unit < ring.units(); unit++)
            found.statuses.push_back(ring.status(unit));
        if (is_open(ring, *last))
            found.packets = packets_in(ring, ring.next(*last));
        if (ring.units() == 1 || is_last(fd, ring, *last))
            return found;
    }
    return std::nullopt;
}

bool was_under_way(const Ring& ring, const Receiving& found) {
    return !ring.shape().has_blocks() && found.statuses[found.last] == TP_STATUS_KERNEL &&
           ring.status(found.last) != TP_STATUS_KERNEL;
}

std::optional<uint32_t> find_transmitting(int fd, const Ring& ring) {
    return Transmitting(fd, ring).find();
}

}  // namespace crtool::dump
