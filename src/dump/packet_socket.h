// Packet sockets: see proto/packet_socket.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_packet_socket(const FdProbe& probe);
void dump_packet_socket(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kPacketSocket = {image::Kind::packet_socket, matches_packet_socket,
                                           dump_packet_socket};

}  // namespace crtool::dump
