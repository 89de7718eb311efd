// Netlink sockets: see proto/netlink_socket.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_netlink_socket(const FdProbe& probe);
void dump_netlink_socket(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kNetlinkSocket = {image::Kind::netlink_socket, matches_netlink_socket,
                                            dump_netlink_socket};

}  // namespace crtool::dump
