// Checks of validate() about packet sockets.
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include "image/format.h"
#include "image/packet_rings.h"
#include "image/validate_internal.h"
#include "net/packet_options.h"

namespace crtool::image::checks {
namespace {

constexpr size_t kMaxAddress = 32;       // MAX_ADDR_LEN
constexpr uint32_t kMaxCount = 1 << 20;  // each is a system call
constexpr uint32_t kLeastFrame = 48;     // the least head of a frame, and an address
constexpr uint32_t kMax16 = 0xffff;

void check_interface(const NetInterface& interface) {
    check_known(interface);
    check_text(interface.name(), IF_NAMESIZE - 1, "the name of its interface");
    if (interface.name().empty())
        refuse("it has an interface without a name");
}

void check_membership(const PacketMembership& membership) {
    check_known(membership);
    check_interface(membership.interface());
    if (membership.type() > PACKET_MR_UNICAST || membership.address().size() > kMaxAddress ||
        membership.count() == 0 || membership.count() > kMaxCount)
        refuse("it has a membership of type {} with {} bytes, {} times", membership.type(),
               membership.address().size(), membership.count());
}

void check_fanout(const PacketFanout& fanout) {
    check_known(fanout);
    if (fanout.id() > kMax16 || fanout.type() > PACKET_FANOUT_QM || fanout.flags() > kMax16 ||
        (fanout.flags() & (0xff | PACKET_FANOUT_FLAG_UNIQUEID)) != 0)
        refuse("it is in the fanout group {} of type {}, flags {:#x}", fanout.id(), fanout.type(),
               fanout.flags());
}

// As packet_set_ring() of the kernel wants it; whatever else it wants it says itself.
void check_ring(const PacketRing& ring, bool has_blocks) {
    check_known(ring);
    if (ring.block_size() == 0 || ring.block_size() % kPageSize != 0 ||
        ring.block_size() > INT32_MAX || ring.block_nr() == 0 || ring.frame_size() < kLeastFrame ||
        ring.frame_size() % TPACKET_ALIGNMENT != 0 || ring.frame_size() > ring.block_size() ||
        uint64_t{ring.block_size() / ring.frame_size()} * ring.block_nr() != ring.frame_nr())
        refuse("it has a ring of {} blocks of {} bytes, {} frames of {}", ring.block_nr(),
               ring.block_size(), ring.frame_nr(), ring.frame_size());
    if (ring.head() >= (has_blocks ? ring.block_nr() : ring.frame_nr()) ||
        (has_blocks != (ring.sequence() != 0)))
        refuse("it has a ring whose next unit is {}, number {}", ring.head(), ring.sequence());
}

void check_rings(const Index& index, const PacketSocket& socket) {
    bool has_blocks = packet_option(socket, PACKET_VERSION) == TPACKET_V3;
    if (socket.has_rx_ring())
        check_ring(socket.rx_ring(), has_blocks);
    if (socket.has_tx_ring())
        check_ring(socket.tx_ring(), false);
    if ((ring_bytes(socket) != 0) != (socket.ring_content() != 0))
        refuse("it has rings without content, or content without rings");
    const Content* content = index.content(socket.ring_content());
    if (socket.ring_content() != 0 && (content == nullptr || content->size() != ring_bytes(socket)))
        refuse("the content {} of its rings is not in the image or has another size",
               socket.ring_content());
}

}  // namespace

void check_packet_socket(const Index& index, const OpenFile& file) {
    const PacketSocket& socket = file.packet_socket();
    check_known(socket);
    if ((socket.type() != SOCK_RAW && socket.type() != SOCK_DGRAM) || socket.protocol() > kMax16)
        refuse("its type is {}, its protocol {:#x}", socket.type(), socket.protocol());
    if (socket.has_interface())
        check_interface(socket.interface());
    for (const PacketOption& option : socket.options()) {
        check_known(option);
        if (!net::is_packet_option(option.name()))
            refuse("its option {} is none that is carried", option.name());
    }
    for (const PacketMembership& membership : socket.memberships())
        check_membership(membership);
    if (socket.has_fanout())
        check_fanout(socket.fanout());
    check_rings(index, socket);
    check_options(socket.generic());
}

}  // namespace crtool::image::checks
