// TCP connections of an image: see proto/inet_socket.proto.
#pragma once

#include "net/tcp_repair.h"
#include "proto/inet_socket.pb.h"

namespace crtool::restore {

net::TcpConnection connection_of(const image::InetSocket& socket);

}  // namespace crtool::restore
