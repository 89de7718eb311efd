// Options of internet sockets in a restore: see proto/inet_socket.proto.
#pragma once

#include "net/inet_options.h"
#include "proto/inet_socket.pb.h"

namespace crtool::restore {

// Sets those of `socket` whose time it is; SO_REUSEADDR of TCP excepted, which restore itself
// needs.
void set_options(const image::InetSocket& socket, int fd, net::OptionTime time);
// Sizes of the buffers, great enough for what is in the queues.
void set_great_buffers(const image::InetSocket& socket, int fd);
// As they were, and what comes last.
void set_last_options(const image::InetSocket& socket, int fd);

}  // namespace crtool::restore
