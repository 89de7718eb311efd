// Descriptors through a unix socket (SCM_RIGHTS), in both directions.
//
// The kernel takes at most 253 descriptors a message (SCM_MAX_FD), so long lists go in several,
// each carrying one byte of data. Both sides agree on the number beforehand.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sys/fd.h"

namespace crtool::sys {

inline constexpr size_t kMaxFdsPerMessage = 253;

// Sends all descriptors, in order. Blocks while the socket is full. Throws Error.
void send_fds(int socket, std::span<const int> fds);
// Receives exactly `count` descriptors sent by send_fds, close-on-exec. Throws Errc::gone when the
// other side has hung up, Errc::internal when a message is cut off or carries something else.
std::vector<UniqueFd> receive_fds(int socket, size_t count);

struct UnixPair {
    UniqueFd first;
    UniqueFd second;
};

// socketpair(AF_UNIX), close-on-exec. `type` is SOCK_STREAM, SOCK_SEQPACKET …
UnixPair unix_pair(int type);

}  // namespace crtool::sys
