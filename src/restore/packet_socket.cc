// See packet_socket.h.
#include "restore/packet_socket.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "restore/own_socket.h"
#include "restore/packet_ring.h"
#include "sys/inet_calls.h"
#include "sys/net_interface.h"
#include "sys/socket_calls.h"

namespace crtool::restore {
namespace {

// struct packet_mreq with room for addresses that are longer than its own; the kernel takes both.
struct Membership {
    int32_t index;
    uint16_t type;
    uint16_t length;
    char address[32];
};

static_assert(offsetof(Membership, address) == offsetof(packet_mreq, mr_address));

// Its number here.
uint32_t find(const image::NetInterface& interface) {
    std::optional<uint32_t> index = sys::interface_index(interface.name());
    if (!index)
        fail(Errc::unsupported,
             "it listens at the network interface {}, which is not here: make one of that name",
             interface.name());
    return *index;
}

void check(const image::NetInterface& interface) {
    if (uint32_t index = find(interface); index != interface.index())
        log::warn("the network interface {} was number {} and is {}: programs may know the number",
                  interface.name(), interface.index(), index);
}

// Before any task exists.
void check_interfaces(const image::PacketSocket& socket) {
    if (socket.has_interface())
        check(socket.interface());
    for (const image::PacketMembership& membership : socket.memberships())
        check(membership.interface());
}

template <typename T>
std::string_view bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

void add_membership(int fd, const image::PacketMembership& record) {
    Membership request{};
    request.index = static_cast<int32_t>(find(record.interface()));
    request.type = static_cast<uint16_t>(record.type());
    request.length = static_cast<uint16_t>(record.address().size());
    std::ranges::copy(record.address(), request.address);
    for (uint32_t i = 0; i < record.count(); i++)
        sys::set_option(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, bytes_of(request));
}

void join(int fd, const image::PacketFanout& fanout) {
    uint32_t value = fanout.id() | (fanout.type() | fanout.flags()) << 16;
    sys::set_socket_option(fd, SOL_PACKET, PACKET_FANOUT, static_cast<int>(value));
}

// What a ring has when it is made cannot be changed any more; what it makes of frames that do not
// fit must not be done with those that bring it to its place.
enum class Time : uint8_t { before_ring, last };

void set_packet_options(const image::PacketSocket& socket, int fd, Time time) {
    for (const image::PacketOption& option : socket.options())
        if ((option.name() == PACKET_COPY_THRESH) == (time == Time::last))
            sys::set_socket_option(fd, SOL_PACKET, static_cast<int>(option.name()),
                                   static_cast<int>(option.value()));
}

}  // namespace

sys::UniqueFd make_packet_socket(const image::OpenFile& file, const ServiceFds& service) {
    const image::PacketSocket& socket = file.packet_socket();
    check_interfaces(socket);
    sys::UniqueFd fd = sys::make_socket(AF_PACKET, static_cast<int>(socket.type()), 0);
    set_packet_options(socket, fd.get(), Time::before_ring);
    attach_filter(fd.get(), own_frames_filter(file));
    if (socket.ring_content() != 0)
        make_rings(file, fd.get(), service.contents.at(socket.ring_content()));
    set_packet_options(socket, fd.get(), Time::last);
    return fd;
}

void bind_packet_socket(const image::OpenFile& file, int fd) {
    const image::PacketSocket& socket = file.packet_socket();
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(static_cast<uint16_t>(socket.protocol()));
    if (socket.has_interface())
        address.sll_ifindex = static_cast<int>(find(socket.interface()));
    sys::bind_socket(fd, bytes_of(address));
    // Reading the error takes it.
    if (socket.down())
        sys::socket_option_int(fd, SOL_SOCKET, SO_ERROR);
    for (const image::PacketMembership& membership : socket.memberships())
        add_membership(fd, membership);
    if (socket.has_fanout())
        join(fd, socket.fanout());
    // From here on it hears.
    if (socket.generic().filter().empty())
        sys::set_socket_option(fd, SOL_SOCKET, SO_DETACH_FILTER, 0);
    set_socket_options(fd, socket.generic());
}

}  // namespace crtool::restore
