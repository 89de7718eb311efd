// Netlink sockets: see proto/netlink_socket.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

sys::UniqueFd make_netlink_socket(const image::OpenFile& file, const ServiceFds& service);

inline constexpr RestoreKind kNetlinkSocket = {.kind = image::Kind::netlink_socket,
                                               .name = "netlink socket",
                                               .make = take_made,
                                               .fill = set_status,
                                               .make_here = make_netlink_socket};

}  // namespace crtool::restore
