// See inet_set.h. Connections are in inet_connections.cc.
#include "dump/inet_set.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "sys/inet_calls.h"
#include "sys/socket_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {
namespace {

std::string as_bytes(const group_req& request) {
    return {reinterpret_cast<const char*>(&request), sizeof request};
}

// SO_NETNS_COOKIE, kernel ≥ 5.14; 0 before, where namespaces are told from each other by nothing.
uint64_t namespace_of(int fd) {
    uint64_t cookie = 0;
    auto value = sys::socket_option(fd, SOL_SOCKET, SO_NETNS_COOKIE, sizeof cookie);
    if (value && value->size() == sizeof cookie)
        std::memcpy(&cookie, value->data(), sizeof cookie);
    return cookie;
}

}  // namespace

bool InetSet::is_own_namespace(int fd) {
    if (!own_namespace_)
        own_namespace_ = namespace_of(sys::make_socket(AF_INET, SOCK_DGRAM, 0).get());
    return namespace_of(fd) == *own_namespace_;
}

const SocketDefaults& InetSet::defaults(int domain, int type, int protocol) {
    auto [at, is_new] = defaults_.try_emplace({domain, type, protocol});
    if (!is_new)
        return at->second;
    sys::UniqueFd fd = sys::make_socket(domain, type, protocol);
    at->second.options = net::read_inet_options(fd.get());
    at->second.sndbuf = sys::socket_option_int(fd.get(), SOL_SOCKET, SO_SNDBUF).value_or(0);
    at->second.rcvbuf = sys::socket_option_int(fd.get(), SOL_SOCKET, SO_RCVBUF).value_or(0);
    return at->second;
}

std::vector<net::InetOption> InetSet::memberships(int fd, uint32_t domain) {
    if (!groups_)
        groups_ = net::joined_groups();
    std::vector<net::InetOption> result;
    for (const net::JoinedGroup& group : *groups_) {
        bool is_v6 = group.domain == AF_INET6;
        // An IPv6 socket may be a member of IPv4 groups as well.
        if (is_v6 && domain != AF_INET6)
            continue;
        int level = is_v6 ? IPPROTO_IPV6 : IPPROTO_IP;
        auto filter = sys::group_filter_of(fd, level, group.interface, group.address);
        if (!filter)
            continue;
        group_req request{};
        request.gr_interface = group.interface;
        std::memcpy(&request.gr_group, group.address.data(), group.address.size());
        result.push_back({level, MCAST_JOIN_GROUP, as_bytes(request)});
        group_filter head{};
        std::memcpy(&head, filter->data(), GROUP_FILTER_SIZE(0));
        if (head.gf_fmode != MCAST_EXCLUDE || head.gf_numsrc != 0)
            result.push_back({level, MCAST_MSFILTER, std::move(*filter)});
    }
    return result;
}

std::string InetSet::raw_peer(const FdProbe& probe, uint32_t domain) {
    if (!raw_peers_)
        raw_peers_ = net::raw_peers();
    auto peer = raw_peers_->find(probe.st.st_ino);
    return peer == raw_peers_->end() ? ""
                                     : net::to_sockaddr(peer->second, static_cast<int>(domain));
}

}  // namespace crtool::dump
