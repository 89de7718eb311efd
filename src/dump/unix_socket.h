// Unix sockets: see proto/unix_socket.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_unix_socket(const FdProbe& probe);
void dump_unix_socket(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kUnixSocket = {image::Kind::unix_socket, matches_unix_socket,
                                         dump_unix_socket};

}  // namespace crtool::dump
