// Internet sockets: see proto/inet_socket.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_inet_socket(const FdProbe& probe);
void dump_inet_socket(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kInetSocket = {image::Kind::inet_socket, matches_inet_socket,
                                         dump_inet_socket};

}  // namespace crtool::dump
