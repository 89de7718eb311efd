// Questions to sockets, and their queues without taking anything out; errors as exceptions.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sys/fd.h"

namespace crtool::sys {

// SO_DOMAIN: AF_UNIX …
int socket_domain(int fd);

// getsockopt(2); nullopt where the kernel or the kind of socket has no such option. At most
// `limit` bytes.
std::optional<std::string> socket_option(int fd, int level, int name, size_t limit);
std::optional<int> socket_option_int(int fd, int level, int name);
// SO_MEMINFO: what is charged to the socket's receiving side.
uint32_t held_memory(int fd);
void set_socket_option(int fd, int level, int name, int value);
// SO_GET_FILTER: struct sock_filter[] of a classic program; empty: there is none. Throws for one
// that cannot be read (eBPF).
std::string socket_filter(int fd);

struct PeerCredentials {
    pid_t pid = 0;  // 0: none
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
};

// SO_PEERCRED and SO_PEERGROUPS.
PeerCredentials peer_credentials(int fd);

// poll(2) for POLLIN and POLLRDHUP, without waiting.
short poll_now(int fd);
// poll(2) until one of `events` is there; false when it is not in time.
bool wait_for_events(int fd, short events, int timeout_ms);

// SIOCUNIXFILE: O_PATH of what a unix socket is bound to; nullopt for one that is not bound to a
// path.
std::optional<UniqueFd> bound_file(int fd);

// A message that was looked at.
struct PeekedMessage {
    std::string data;
    std::vector<UniqueFd> fds;  // SCM_RIGHTS, close-on-exec
    std::optional<PeerCredentials> creds;
    std::string sender;      // sun_path
    bool truncated = false;  // there is more data than there was room for (datagrams)
    bool cut_fds = false;    // there are descriptors that could not be had
};

// recvmsg(2) with MSG_PEEK, from where SO_PEEK_OFF is; nullopt when nothing is there.
std::optional<PeekedMessage> peek_message(int fd, size_t room);
// How many bytes, at most `room`, are in parts of a stream that end within `room`: each part is
// what one send has put there. The part that goes beyond meets an address where nothing can be
// written, which makes the kernel leave it out as a whole.
size_t peek_whole_parts(int fd, size_t room);
// An urgent byte is in the queue (MSG_OOB).
bool has_urgent_data(int fd);

}  // namespace crtool::sys
