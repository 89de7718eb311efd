// What is set on sockets that the coordinator makes itself.
#pragma once

#include <cstdint>
#include <string>

#include "proto/socket_options.pb.h"

namespace crtool::restore {

// SO_SNDBUFFORCE or SO_RCVBUFFORCE; the size as getsockopt(2) gives it.
void set_buffer(int fd, int name, uint32_t size);
// SO_ATTACH_FILTER.
void attach_filter(int fd, const std::string& program);
// All of proto/socket_options.proto.
void set_socket_options(int fd, const image::SocketOptions& options);

}  // namespace crtool::restore
