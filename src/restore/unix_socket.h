// Unix sockets: see proto/unix_socket.proto.
#pragma once

#include <span>

#include "restore/kind.h"
#include "restore/unix_plan.h"

namespace crtool::restore {

// A socket that is made alone: by the coordinator, or here. One that waits to be accepted is
// connected, too.
parasite::Ref make_unix_socket(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                               int end);
// Options, names and peers, and what is shut down: after what is in its queue.
void fill_unix_socket(const FileBuild& build, const image::OpenFile& file, int fd);

// Both ends of a unit, which the kernel puts at `a` and `b`.
void make_unix_ends(const FileBuild& build, const UnixUnit& unit, int a, int b, bool cloexec);

// Sends what is in the queue of `file` from its other end `from`; −1: it has none. `carried`: the
// numbers of all descriptors in it.
void send_unix_queue(const FileBuild& build, const image::OpenFile& file, int from,
                     std::span<const int> carried);

// listen(2) on service descriptor `fd`.
void emit_unix_listen(const FileBuild& build, const image::UnixCreds* creds, parasite::Arg fd,
                      uint32_t backlog);

inline constexpr RestoreKind kUnixSocket = {image::Kind::unix_socket, "unix socket",
                                            make_unix_socket, fill_unix_socket};

}  // namespace crtool::restore
