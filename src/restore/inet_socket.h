// Internet sockets: see proto/inet_socket.proto. The coordinator makes them (inet_sockets.h);
// owners take them from it.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

parasite::Ref make_inet_socket(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                               int end);
void fill_inet_socket(const FileBuild& build, const image::OpenFile& file, int fd);

inline constexpr RestoreKind kInetSocket = {image::Kind::inet_socket, "internet socket",
                                            make_inet_socket, fill_inet_socket};

}  // namespace crtool::restore
