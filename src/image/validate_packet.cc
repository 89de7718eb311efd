// Checks of validate() about packet sockets.
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include "image/validate_internal.h"
#include "net/packet_options.h"

namespace crtool::image::checks {
namespace {

constexpr size_t kMaxAddress = 32;       // MAX_ADDR_LEN
constexpr uint32_t kMaxCount = 1 << 20;  // each is a system call
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

}  // namespace

void check_packet_socket(const Index&, const OpenFile& file) {
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
    check_options(socket.generic());
}

}  // namespace crtool::image::checks
