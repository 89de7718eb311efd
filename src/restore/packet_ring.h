// Rings of packet sockets in a restore: see proto/packet_socket.proto.
#pragma once

#include <string>

#include "proto/open_file.pb.h"

namespace crtool::restore {

// SO_ATTACH_FILTER: lets only those frames through that make_rings() sends itself.
std::string own_frames_filter(const image::OpenFile& file);

// Makes the rings of the socket `fd`, which has that filter and hears nothing, brings the kernel to
// the places that it had, and fills them from the file `content`. The socket may be bound to the
// loopback device then.
void make_rings(const image::OpenFile& file, int fd, int content);

}  // namespace crtool::restore
