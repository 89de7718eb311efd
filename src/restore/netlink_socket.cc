// See netlink_socket.h.
#include "restore/netlink_socket.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include "base/error.h"
#include "net/netlink_modes.h"
#include "restore/own_socket.h"
#include "sys/inet_calls.h"
#include "sys/socket_calls.h"

namespace crtool::restore {
namespace {

std::string name_of(uint32_t port, uint32_t groups) {
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_pid = port;
    address.nl_groups = groups;
    return {reinterpret_cast<const char*>(&address), sizeof address};
}

}  // namespace

sys::UniqueFd make_netlink_socket(const image::OpenFile& file, const ServiceFds&) {
    const image::NetlinkSocket& socket = file.netlink_socket();
    ErrorContext context("netlink socket of port", socket.port());
    sys::UniqueFd fd = sys::make_socket(AF_NETLINK, static_cast<int>(socket.type()),
                                        static_cast<int>(socket.protocol()));
    set_socket_options(fd.get(), socket.options());
    for (int mode : net::kNetlinkModes) {
        if ((socket.modes() >> mode & 1) != 0)
            sys::set_socket_option(fd.get(), SOL_NETLINK, mode, 1);
    }
    if (socket.port() != 0)
        sys::bind_socket(fd.get(), name_of(socket.port(), 0));
    for (uint32_t group : socket.groups())
        sys::set_socket_option(fd.get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
                               static_cast<int>(group));
    if (socket.peer_port() != 0 || socket.peer_groups() != 0)
        sys::connect_socket(fd.get(), name_of(socket.peer_port(), socket.peer_groups()));
    return fd;
}

}  // namespace crtool::restore
