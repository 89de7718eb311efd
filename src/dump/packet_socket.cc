// See packet_socket.h.
#include "dump/packet_socket.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>

#include "base/fault.h"
#include "base/log.h"
#include "dump/packet_ring.h"
#include "dump/socket_options.h"
#include "net/packet_options.h"
#include "sys/inet_calls.h"
#include "sys/net_interface.h"
#include "sys/socket_calls.h"

namespace crtool::dump {
namespace {

constexpr uint32_t kFlagShift = 8;  // of fanout flags, in what PACKET_FANOUT gives

uint32_t option(const FdProbe& probe, int level, uint32_t name) {
    return static_cast<uint32_t>(
        sys::socket_option_int(probe.fd, level, static_cast<int>(name)).value_or(0));
}

void refuse_gone(const FileVisit& visit, const FdProbe& probe) {
    visit.refuse(probe, "a packet socket whose network interface has gone",
                 "close it before the dump");
}

// False: refused.
bool record_interface(const FileVisit& visit, const FdProbe& probe, uint32_t index,
                      image::NetInterface& interface) {
    std::optional<std::string> name = sys::interface_name(index);
    if (!name) {
        refuse_gone(visit, probe);
        return false;
    }
    interface.set_index(index);
    interface.set_name(*name);
    return true;
}

// False: refused.
bool record_name(const FileVisit& visit, const FdProbe& probe, image::PacketSocket& socket) {
    sockaddr_ll address{};
    std::string name = sys::local_address(probe.fd);
    std::memcpy(&address, name.data(), std::min(name.size(), sizeof address));
    socket.set_protocol(ntohs(address.sll_protocol));
    if (address.sll_ifindex == 0)
        return true;
    return record_interface(visit, probe, static_cast<uint32_t>(address.sll_ifindex),
                            *socket.mutable_interface());
}

void record_packet_options(const FdProbe& probe, const net::PacketInfo& info,
                           image::PacketSocket& socket) {
    for (uint32_t name : net::kPacketOptions) {
        // Getsockopt(2) does not know it (kernel < 6.8).
        uint32_t value =
            name == PACKET_COPY_THRESH ? info.copy_thresh : option(probe, SOL_PACKET, name);
        if (value == 0)
            continue;
        image::PacketOption& record = *socket.add_options();
        record.set_name(name);
        record.set_value(value);
    }
}

void record_memberships(const FileVisit& visit, const FdProbe& probe, const net::PacketInfo& info,
                        image::PacketSocket& socket) {
    for (auto entry = info.memberships.rbegin(); entry != info.memberships.rend(); ++entry) {
        image::PacketMembership& record = *socket.add_memberships();
        record.set_type(entry->type);
        record.set_address(entry->address);
        record.set_count(entry->count);
        if (!record_interface(visit, probe, entry->index, *record.mutable_interface()))
            return;
    }
}

// What PACKET_FANOUT gives is 0 for the first group of the first type, too.
void record_fanout(const FileVisit& visit, const FdProbe& probe, const net::PacketInfo& info,
                   image::PacketSocket& socket) {
    if (!info.fanout)
        return;
    uint32_t type_flags = option(probe, SOL_PACKET, PACKET_FANOUT) >> 16;
    image::PacketFanout& fanout = *socket.mutable_fanout();
    fanout.set_id(*info.fanout);
    fanout.set_type(type_flags & ((1U << kFlagShift) - 1));
    fanout.set_flags(type_flags >> kFlagShift << kFlagShift);
    if (fanout.type() == PACKET_FANOUT_CBPF || fanout.type() == PACKET_FANOUT_EBPF)
        visit.refuse(
            probe,
            "a packet socket in a fanout group that a program of BPF divides, which "
            "cannot be read",
            "let the program divide it in another way (packet(7)), or close it before the dump");
}

void record_generic_options(const FileVisit& visit, const FdProbe& probe,
                            image::PacketSocket& socket) {
    image::SocketOptions& options = *socket.mutable_generic();
    try {
        record_socket_options(probe, options);
    } catch (const Error&) {
        visit.refuse(probe, "a socket with an eBPF filter (SO_ATTACH_BPF), which cannot be read",
                     "let the program take it off (SO_DETACH_FILTER) before the dump");
    }
    options.set_sndbuf(option(probe, SOL_SOCKET, SO_SNDBUF));
    options.set_rcvbuf(option(probe, SOL_SOCKET, SO_RCVBUF));
}

}  // namespace

bool matches_packet_socket(const FdProbe& probe) {
    return probe.link.starts_with("socket:[") && probe.fd >= 0 &&
           sys::socket_domain(probe.fd) == AF_PACKET &&
           sys::socket_option_int(probe.fd, SOL_SOCKET, SO_TYPE) != SOCK_PACKET;
}

void dump_packet_socket(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    fault::point("look at a packet socket");
    if (!visit.inet.is_own_namespace(probe.fd)) {
        visit.refuse(probe, "a socket of another network namespace, which is not carried yet",
                     "close it before the dump");
        return;
    }
    const net::PacketInfo& info = visit.packets.info(probe.st.st_ino);
    short events = sys::poll_now(probe.fd);
    image::PacketSocket& socket = *file.mutable_packet_socket();
    socket.set_type(option(probe, SOL_SOCKET, SO_TYPE));
    if ((events & POLLERR) != 0) {
        visit.refuse(probe,
                     "a packet socket with an error or a time stamp that the program has not "
                     "heard of yet",
                     "let the program use the socket before the dump");
        return;
    }
    if (!record_name(visit, probe, socket))
        return;
    socket.set_down(socket.protocol() != 0 && !info.running);
    record_packet_options(probe, info, socket);
    record_memberships(visit, probe, info, socket);
    record_fanout(visit, probe, info, socket);
    record_generic_options(visit, probe, socket);
    record_rings(visit, probe, info, file);
    if (!socket.has_rx_ring() && (events & POLLIN) != 0)
        log::warn("unread packets of task {}, descriptor {}, are lost", probe.task, probe.number);
}

}  // namespace crtool::dump
