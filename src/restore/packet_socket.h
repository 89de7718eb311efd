// Packet sockets: see proto/packet_socket.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

// It hears nothing yet.
sys::UniqueFd make_packet_socket(const image::OpenFile& file, const ServiceFds& service);
// Binds it, and lets it join its groups.
void bind_packet_socket(const image::OpenFile& file, int fd);

inline constexpr RestoreKind kPacketSocket = {.kind = image::Kind::packet_socket,
                                              .name = "packet socket",
                                              .make = take_made,
                                              .fill = set_status,
                                              .make_here = make_packet_socket,
                                              .finish_here = bind_packet_socket};

}  // namespace crtool::restore
