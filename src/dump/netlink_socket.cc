// See netlink_socket.h.
#include "dump/netlink_socket.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>

#include "base/fault.h"
#include "dump/socket_options.h"
#include "net/netlink_modes.h"
#include "sys/inet_calls.h"
#include "sys/socket_calls.h"

namespace crtool::dump {
namespace {

constexpr size_t kMaxGroups = 8192;  // bits

sockaddr_nl parse_name(const std::string& name) {
    sockaddr_nl address{};
    std::memcpy(&address, name.data(), std::min(name.size(), sizeof address));
    return address;
}

void record_groups(int fd, image::NetlinkSocket& socket) {
    std::string bits =
        sys::socket_option(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, kMaxGroups / 8).value_or("");
    for (size_t i = 0; i < bits.size() * 8; i++) {
        if ((bits[i / 8] >> (i % 8) & 1) != 0)
            socket.add_groups(static_cast<uint32_t>(i) + 1);
    }
}

// False: refused.
bool is_quiet(const FileVisit& visit, const FdProbe& probe) {
    short events = sys::poll_now(probe.fd);
    if ((events & POLLERR) != 0)
        visit.refuse(probe, "a netlink socket with an error that the program has not heard of yet",
                     "let the program use the socket before the dump");
    else if ((events & POLLIN) != 0)
        visit.refuse(probe, "a netlink socket with unread messages",
                     "let the program read them before the dump", Lasts::a_moment);
    return (events & (POLLERR | POLLIN)) == 0;
}

}  // namespace

bool matches_netlink_socket(const FdProbe& probe) {
    return probe.link.starts_with("socket:[") && probe.fd >= 0 &&
           sys::socket_domain(probe.fd) == AF_NETLINK;
}

void dump_netlink_socket(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    fault::point("look at a netlink socket");
    if (!visit.inet.is_own_namespace(probe.fd)) {
        visit.refuse(probe, "a socket of another network namespace, which is not carried yet",
                     "close it before the dump");
        return;
    }
    if (!is_quiet(visit, probe))
        return;
    auto option = [&](int name) {
        return static_cast<uint32_t>(
            sys::socket_option_int(probe.fd, SOL_SOCKET, name).value_or(0));
    };
    image::NetlinkSocket& socket = *file.mutable_netlink_socket();
    socket.set_type(option(SO_TYPE));
    socket.set_protocol(option(SO_PROTOCOL));
    socket.set_port(parse_name(sys::local_address(probe.fd)).nl_pid);
    sockaddr_nl peer = parse_name(sys::remote_address(probe.fd));
    socket.set_peer_port(peer.nl_pid);
    socket.set_peer_groups(peer.nl_groups);
    record_groups(probe.fd, socket);
    // What else comes by a socket with groups could be taken for the cookie.
    if (uint32_t held = sys::held_memory(probe.fd); held != 0 && socket.groups().empty())
        visit.mqueues.add_holder(file.id(), held);
    uint32_t modes = 0;
    for (int name : net::kNetlinkModes) {
        if (sys::socket_option_int(probe.fd, SOL_NETLINK, name).value_or(0) != 0)
            modes |= 1U << name;
    }
    socket.set_modes(modes);
    record_socket_options(probe, *socket.mutable_options());
    socket.mutable_options()->set_sndbuf(option(SO_SNDBUF));
    socket.mutable_options()->set_rcvbuf(option(SO_RCVBUF));
}

}  // namespace crtool::dump
