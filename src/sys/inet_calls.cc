// See inet_calls.h.
#include "sys/inet_calls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace crtool::sys {
namespace {

constexpr size_t kMaxDatagram = 65536;

const sockaddr* raw(std::string_view address) {
    return reinterpret_cast<const sockaddr*>(address.data());
}

socklen_t length(std::string_view address) {
    return static_cast<socklen_t>(address.size());
}

int queue_length(int fd, unsigned long request, const char* what) {
    int bytes = 0;
    if (::ioctl(fd, request, &bytes) != 0)
        fail_errno(errno, "cannot read the length of the {} queue", what);
    return bytes;
}

}  // namespace

UniqueFd make_socket(int domain, int type, int protocol) {
    int fd = ::socket(domain, type | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        fail_errno(errno, "cannot make a socket of family {}, type {}, protocol {}", domain, type,
                   protocol);
    return UniqueFd(fd);
}

std::optional<UniqueFd> try_make_socket(int domain, int type, int protocol) {
    int fd = ::socket(domain, type | SOCK_CLOEXEC, protocol);
    if (fd < 0)
        return std::nullopt;
    return UniqueFd(fd);
}

std::string local_address(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        fail_errno(errno, "getsockname failed");
    return {reinterpret_cast<char*>(&address), size};
}

std::string remote_address(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0)
        return {reinterpret_cast<char*>(&address), size};
    if (errno == ENOTCONN)
        return {};
    fail_errno(errno, "getpeername failed");
}

std::string address_text(std::string_view address) {
    char text[INET6_ADDRSTRLEN] = {};
    sockaddr_in6 v6{};
    std::memcpy(&v6, address.data(), std::min(address.size(), sizeof v6));
    if (address.size() >= sizeof(sockaddr_in6) && v6.sin6_family == AF_INET6)
        return fmt::format("[{}]:{}", ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text),
                           ntohs(v6.sin6_port));
    sockaddr_in v4{};
    std::memcpy(&v4, address.data(), std::min(address.size(), sizeof v4));
    if (address.size() >= sizeof v4 && v4.sin_family == AF_INET)
        return fmt::format("{}:{}", ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text),
                           ntohs(v4.sin_port));
    return "-";
}

void set_option(int fd, int level, int name, std::string_view value) {
    if (::setsockopt(fd, level, name, value.data(), length(value)) != 0)
        fail_errno(errno, "cannot set option {} of level {}", name, level);
}

void bind_socket(int fd, std::string_view address) {
    if (::bind(fd, raw(address), length(address)) != 0)
        fail_errno(errno, "cannot bind to {}", address_text(address));
}

void listen_socket(int fd, int backlog) {
    if (::listen(fd, backlog) != 0)
        fail_errno(errno, "cannot listen");
}

bool connect_socket(int fd, std::string_view address) {
    if (::connect(fd, raw(address), length(address)) == 0)
        return true;
    if (errno == EINPROGRESS)
        return false;
    fail_errno(errno, "cannot connect to {}", address_text(address));
}

void shutdown_socket(int fd, int how) {
    // A datagram socket that is not connected is shut down all the same, and says ENOTCONN.
    if (::shutdown(fd, how) != 0 && errno != ENOTCONN)
        fail_errno(errno, "cannot shut down");
}

bool set_nonblocking(int fd, bool on) {
    int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) != 0)
        fail_errno(errno, "cannot change O_NONBLOCK");
    return (flags & O_NONBLOCK) != 0;
}

tcp_info tcp_info_of(int fd) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        fail_errno(errno, "TCP_INFO failed");
    return info;
}

int unacked_bytes(int fd) {
    return queue_length(fd, SIOCOUTQ, "send");
}

int unsent_bytes(int fd) {
    return queue_length(fd, SIOCOUTQNSD, "send");
}

// Nothing is added to what is there, nor is it sent (MSG_PROBE: ip_append_data of
// net/ipv4/ip_output.c; MSG_MORE). Where nothing is there, port 0 is no address to send to.
bool has_corked_datagram(int fd, int family) {
    constexpr int kProbe = 0x10;  // MSG_PROBE of the kernel, MSG_PROXY of glibc
    sockaddr_storage nowhere{};
    nowhere.ss_family = static_cast<sa_family_t>(family);
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    return ::sendto(fd, "", 0, kProbe | MSG_MORE | MSG_DONTWAIT | MSG_NOSIGNAL,
                    reinterpret_cast<sockaddr*>(&nowhere), size) == 0 ||
           errno != EINVAL;
}

std::string peek_bytes(int fd, size_t bytes) {
    std::string data = peek_up_to(fd, bytes);
    if (data.size() != bytes)
        fail(Errc::internal, "a socket's queue gave {} bytes of {}", data.size(), bytes);
    return data;
}

std::string peek_up_to(int fd, size_t limit) {
    std::string data(limit, '\0');
    if (limit == 0)
        return data;
    ssize_t got = ::recv(fd, data.data(), limit, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0)
        fail_errno(errno, "cannot look at what is in a socket's queue");
    data.resize(static_cast<size_t>(got));
    return data;
}

void send_bytes(int fd, std::string_view data, size_t piece) {
    while (!data.empty()) {
        ssize_t sent =
            ::send(fd, data.data(), std::min(piece, data.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0)
            fail_errno(errno, "cannot fill a socket's queue, {} bytes are left", data.size());
        data.remove_prefix(static_cast<size_t>(sent));
    }
}

UrgentByte peek_urgent_byte(int fd) {
    char byte = 0;
    ssize_t got = ::recv(fd, &byte, 1, MSG_OOB | MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && errno != EINVAL && errno != EAGAIN && errno != ENOTCONN)
        fail_errno(errno, "cannot look for urgent data");
    // 0: it is awaited, and the other end has said its last word.
    if (got == 0 || (got < 0 && errno == EAGAIN))
        return UrgentByte::awaited;
    return got > 0 ? UrgentByte::unread : UrgentByte::none;
}

void forget_urgent_byte(int fd) {
    char byte = 0;
    if (::recv(fd, &byte, 1, MSG_OOB | MSG_DONTWAIT) != 1)
        fail_errno(errno, "cannot read urgent data");
}

void send_to(int fd, std::string_view data, std::string_view address) {
    if (::sendto(fd, data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL, raw(address),
                 length(address)) < 0)
        fail_errno(errno, "cannot send a packet to {}", address_text(address));
}

std::optional<PeekedDatagram> peek_datagram(int fd) {
    PeekedDatagram result;
    result.data.resize(kMaxDatagram);
    sockaddr_storage from{};
    iovec part = {result.data.data(), result.data.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    ssize_t got = ::recvmsg(fd, &message, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return std::nullopt;
    if (got < 0)
        fail_errno(errno, "cannot look at what is in a socket's queue");
    result.data.resize(static_cast<size_t>(got));
    result.from.assign(reinterpret_cast<char*>(&from), message.msg_namelen);
    return result;
}

std::optional<std::string> group_filter_of(int fd, int level, unsigned interface,
                                           std::string_view group) {
    constexpr size_t kSources = 64;
    std::string value(GROUP_FILTER_SIZE(kSources), '\0');
    group_filter filter{};
    filter.gf_interface = interface;
    std::memcpy(&filter.gf_group, group.data(), std::min(group.size(), sizeof filter.gf_group));
    filter.gf_numsrc = kSources;
    std::memcpy(value.data(), &filter, GROUP_FILTER_SIZE(0));
    auto size = static_cast<socklen_t>(value.size());
    if (::getsockopt(fd, level, MCAST_MSFILTER, value.data(), &size) != 0) {
        // A raw socket of IPv6 knows no groups of IPv4.
        if (errno == EADDRNOTAVAIL || errno == ENOPROTOOPT)
            return std::nullopt;
        fail_errno(errno, "MCAST_MSFILTER failed");
    }
    std::memcpy(&filter, value.data(), GROUP_FILTER_SIZE(0));
    if (filter.gf_numsrc > kSources)
        fail(Errc::unsupported, "a multicast group with {} sources; at most {} are carried",
             filter.gf_numsrc, kSources);
    value.resize(GROUP_FILTER_SIZE(filter.gf_numsrc));
    return value;
}

}  // namespace crtool::sys
