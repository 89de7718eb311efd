// Options of SOL_SOCKET: see proto/socket_options.proto.
#pragma once

#include "dump/fd_probe.h"
#include "proto/socket_options.pb.h"

namespace crtool::dump {

// All but the sizes of the buffers, which kinds know by other ways.
void record_socket_options(const FdProbe& probe, image::SocketOptions& record);

}  // namespace crtool::dump
