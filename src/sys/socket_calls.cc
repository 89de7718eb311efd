// See socket_calls.h.
#include "sys/socket_calls.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/un.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "base/error.h"
#include "sys/scm_rights.h"
#include "sys/uapi_compat.h"

namespace crtool::sys {
namespace {

bool is_missing(int error) {
    return error == ENOPROTOOPT || error == EOPNOTSUPP || error == EINVAL;
}

void read_control(msghdr& message, PeekedMessage& result) {
    for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
         head = CMSG_NXTHDR(&message, head)) {
        size_t length = head->cmsg_len - CMSG_LEN(0);
        if (head->cmsg_level != SOL_SOCKET)
            continue;
        if (head->cmsg_type == SCM_RIGHTS || head->cmsg_type == SCM_PIDFD) {
            std::vector<int> fds(length / sizeof(int));
            std::memcpy(fds.data(), CMSG_DATA(head), fds.size() * sizeof(int));
            for (int fd : fds) {
                UniqueFd owned(fd);
                if (head->cmsg_type == SCM_RIGHTS)
                    result.fds.push_back(std::move(owned));
            }
        }
        if (head->cmsg_type == SCM_CREDENTIALS) {
            ucred creds{};
            std::memcpy(&creds, CMSG_DATA(head), sizeof creds);
            result.creds = PeerCredentials{creds.pid, creds.uid, creds.gid, {}};
        }
    }
}

}  // namespace

int socket_domain(int fd) {
    return socket_option_int(fd, SOL_SOCKET, SO_DOMAIN).value_or(AF_UNSPEC);
}

std::optional<std::string> socket_option(int fd, int level, int name, size_t limit) {
    std::string value(limit, '\0');
    auto length = static_cast<socklen_t>(limit);
    if (::getsockopt(fd, level, name, value.data(), &length) != 0) {
        if (is_missing(errno))
            return std::nullopt;
        fail_errno(errno, "cannot read socket option {}", name);
    }
    value.resize(length);
    return value;
}

std::optional<int> socket_option_int(int fd, int level, int name) {
    int value = 0;
    socklen_t length = sizeof value;
    if (::getsockopt(fd, level, name, &value, &length) == 0)
        return value;
    if (is_missing(errno))
        return std::nullopt;
    fail_errno(errno, "cannot read socket option {}", name);
}

uint32_t held_memory(int fd) {
    uint32_t bytes = 0;  // the first of several, SK_MEMINFO_RMEM_ALLOC
    socklen_t length = sizeof bytes;
    if (::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, &bytes, &length) != 0)
        fail_errno(errno, "cannot read the memory of a socket");
    return bytes;
}

void set_socket_option(int fd, int level, int name, int value) {
    if (::setsockopt(fd, level, name, &value, sizeof value) != 0)
        fail_errno(errno, "cannot set socket option {} to {}", name, value);
}

std::string socket_filter(int fd) {
    socklen_t count = 0;
    if (::getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, nullptr, &count) != 0)
        fail_errno(errno, "cannot read the filter program of a socket");
    if (count == 0)
        return {};
    std::string program(count * sizeof(sock_filter), '\0');
    if (::getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, program.data(), &count) != 0)
        fail_errno(errno, "cannot read the filter program of a socket");
    return program;
}

PeerCredentials peer_credentials(int fd) {
    ucred creds{};
    socklen_t length = sizeof creds;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &creds, &length) != 0)
        fail_errno(errno, "SO_PEERCRED failed");
    PeerCredentials result{creds.pid, creds.uid, creds.gid, {}};
    if (creds.pid == 0)
        return result;
    gid_t few[32];
    length = sizeof few;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, few, &length) == 0) {
        result.groups.assign(few, few + length / sizeof(gid_t));
        return result;
    }
    if (errno != ERANGE)
        return result;
    result.groups.resize(length / sizeof(gid_t));
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, result.groups.data(), &length) != 0)
        fail_errno(errno, "SO_PEERGROUPS failed");
    return result;
}

short poll_now(int fd) {
    pollfd poll = {fd, POLLIN | POLLRDHUP, 0};
    if (::poll(&poll, 1, 0) < 0)
        fail_errno(errno, "poll failed");
    return poll.revents;
}

bool wait_for_events(int fd, short events, int timeout_ms) {
    pollfd poll = {fd, events, 0};
    int ready = -1;
    do {
        ready = ::poll(&poll, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    if (ready < 0)
        fail_errno(errno, "poll failed");
    return (poll.revents & events) != 0;
}

std::optional<UniqueFd> bound_file(int fd) {
    int file = ::ioctl(fd, SIOCUNIXFILE, 0);
    if (file >= 0)
        return UniqueFd(file);
    if (errno == ENOENT)
        return std::nullopt;
    fail_errno(errno, "SIOCUNIXFILE failed");
}

std::optional<PeekedMessage> peek_message(int fd, size_t room) {
    PeekedMessage result;
    result.data.resize(room);
    sockaddr_un from{};
    iovec part = {result.data.data(), room};
    alignas(cmsghdr) char control[CMSG_SPACE(kMaxFdsPerMessage * sizeof(int)) +
                                  CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int))];
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t got = ::recvmsg(fd, &message, MSG_PEEK | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EAGAIN)
        return std::nullopt;
    if (got < 0)
        fail_errno(errno, "cannot look at what is in a socket's queue");
    read_control(message, result);
    result.data.resize(static_cast<size_t>(got));
    constexpr size_t kHead = offsetof(sockaddr_un, sun_path);
    if (message.msg_namelen > kHead)
        result.sender.assign(from.sun_path, message.msg_namelen - kHead);
    if (!result.sender.empty() && result.sender.front() != '\0')
        result.sender = result.sender.c_str();
    result.truncated = (message.msg_flags & MSG_TRUNC) != 0;
    result.cut_fds = (message.msg_flags & MSG_CTRUNC) != 0;
    return result;
}

size_t peek_whole_parts(int fd, size_t room) {
    std::string data(room, '\0');
    iovec parts[] = {{data.data(), room}, {reinterpret_cast<void*>(1), 1}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    ssize_t got = ::recvmsg(fd, &message, MSG_PEEK | MSG_DONTWAIT);
    if (got >= 0)
        return static_cast<size_t>(got);
    if (errno == EFAULT)
        return 0;
    fail_errno(errno, "cannot look at what is in a socket's queue");
}

bool has_urgent_data(int fd) {
    char byte = 0;
    return ::recv(fd, &byte, 1, MSG_OOB | MSG_PEEK | MSG_DONTWAIT) > 0;
}

}  // namespace crtool::sys
