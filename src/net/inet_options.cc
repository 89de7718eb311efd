// See inet_options.h. Not listed, as their values are not a program's own: SO_INCOMING_CPU,
// TCP_QUICKACK, IPV6_MTU, and on connections TCP_MAXSEG and TCP_WINDOW_CLAMP.
#include "net/inet_options.h"

#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "sys/socket_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::net {
namespace {

constexpr auto kEarly = OptionTime::before_bind;
constexpr auto kLast = OptionTime::last;

struct Row {
    int level;
    int name;
    OptionTime time = OptionTime::connected;
    size_t size = sizeof(int);
    bool any_size = false;  // `size` is the greatest
    bool only_unconnected = false;
};

constexpr size_t kMaxIpOptions = 40;
constexpr size_t kCongestionName = 16;  // TCP_CA_NAME_MAX
constexpr size_t kGroupReq = sizeof(group_req);
constexpr size_t kGroupFilter = sizeof(group_filter) + 4096;
constexpr int kIpv6 = IPPROTO_IPV6;
constexpr int kIp = IPPROTO_IP;
constexpr int kTcp = IPPROTO_TCP;
constexpr int kRaw = 255;       // SOL_RAW
constexpr int kIcmpFilter = 1;  // ICMP_FILTER and ICMPV6_FILTER

constexpr std::array kRows = {
    Row{SOL_SOCKET, SO_REUSEADDR, kEarly},
    Row{SOL_SOCKET, SO_REUSEPORT, kEarly},
    Row{SOL_SOCKET, SO_BINDTODEVICE, kEarly, IFNAMSIZ, true},
    Row{SOL_SOCKET, SO_MARK, kEarly},
    Row{kIp, IP_FREEBIND, kEarly},
    Row{kIp, IP_TRANSPARENT, kEarly},
    Row{kIp, IP_BIND_ADDRESS_NO_PORT, kEarly},
    Row{kIp, IP_LOCAL_PORT_RANGE, kEarly},
    Row{kIp, IP_HDRINCL, kEarly},
    Row{kIp, IP_OPTIONS, kEarly, kMaxIpOptions, true},
    Row{kIpv6, IPV6_V6ONLY, kEarly},
    Row{kIpv6, IPV6_FREEBIND, kEarly},
    Row{kIpv6, IPV6_TRANSPARENT, kEarly},
    Row{kTcp, TCP_MAXSEG, kEarly, sizeof(int), false, true},
    Row{kTcp, TCP_CONGESTION, kEarly, kCongestionName, true},
    Row{SOL_SOCKET, SO_KEEPALIVE},
    Row{SOL_SOCKET, SO_BROADCAST},
    Row{SOL_SOCKET, SO_DONTROUTE},
    Row{SOL_SOCKET, SO_OOBINLINE},
    Row{SOL_SOCKET, SO_RCVLOWAT},
    Row{SOL_SOCKET, SO_LINGER, OptionTime::connected, sizeof(linger)},
    Row{SOL_SOCKET, SO_RCVTIMEO, OptionTime::connected, sizeof(timeval)},
    Row{SOL_SOCKET, SO_SNDTIMEO, OptionTime::connected, sizeof(timeval)},
    Row{SOL_SOCKET, SO_TIMESTAMP_OLD},
    Row{SOL_SOCKET, SO_TIMESTAMP_NEW},
    Row{SOL_SOCKET, SO_TIMESTAMPNS_OLD},
    Row{SOL_SOCKET, SO_TIMESTAMPNS_NEW},
    Row{SOL_SOCKET, SO_TIMESTAMPING_OLD, OptionTime::connected, 2 * sizeof(int)},
    Row{SOL_SOCKET, SO_TIMESTAMPING_NEW, OptionTime::connected, 2 * sizeof(int)},
    Row{SOL_SOCKET, SO_NO_CHECK},
    Row{SOL_SOCKET, SO_RXQ_OVFL},
    Row{SOL_SOCKET, SO_SELECT_ERR_QUEUE},
    Row{SOL_SOCKET, SO_BUSY_POLL},
    Row{SOL_SOCKET, SO_PREFER_BUSY_POLL},
    Row{SOL_SOCKET, SO_BUSY_POLL_BUDGET},
    Row{SOL_SOCKET, SO_ZEROCOPY},
    Row{SOL_SOCKET, SO_TXTIME, OptionTime::connected, 2 * sizeof(int)},
    Row{SOL_SOCKET, SO_MAX_PACING_RATE, OptionTime::connected, sizeof(uint64_t)},
    Row{SOL_SOCKET, SO_WIFI_STATUS},
    Row{SOL_SOCKET, SO_NOFCS},
    Row{SOL_SOCKET, SO_TXREHASH},
    Row{SOL_SOCKET, SO_RCVPRIORITY},
    Row{kIp, IP_TOS},
    Row{SOL_SOCKET, SO_PRIORITY},  // IP_TOS sets it, too
    Row{kIp, IP_TTL},
    Row{kIp, IP_RECVOPTS},
    Row{kIp, IP_RETOPTS},
    Row{kIp, IP_PKTINFO},
    Row{kIp, IP_MTU_DISCOVER},
    Row{kIp, IP_RECVERR},
    Row{kIp, IP_RECVTTL},
    Row{kIp, IP_RECVTOS},
    Row{kIp, IP_PASSSEC},
    Row{kIp, IP_RECVORIGDSTADDR},
    Row{kIp, IP_MINTTL},
    Row{kIp, IP_NODEFRAG},
    Row{kIp, IP_CHECKSUM},
    Row{kIp, IP_RECVFRAGSIZE},
    Row{kIp, IP_RECVERR_RFC4884},
    Row{kIp, IP_MULTICAST_IF, OptionTime::connected, sizeof(in_addr)},
    Row{kIp, IP_MULTICAST_TTL},
    Row{kIp, IP_MULTICAST_LOOP},
    Row{kIp, IP_MULTICAST_ALL},
    Row{kIp, IP_UNICAST_IF},
    Row{kIp, MCAST_JOIN_GROUP, OptionTime::connected, kGroupReq},
    Row{kIp, MCAST_MSFILTER, OptionTime::connected, kGroupFilter, true},
    Row{kIpv6, IPV6_CHECKSUM},
    Row{kIpv6, IPV6_UNICAST_HOPS},
    Row{kIpv6, IPV6_MULTICAST_IF},
    Row{kIpv6, IPV6_MULTICAST_HOPS},
    Row{kIpv6, IPV6_MULTICAST_LOOP},
    Row{kIpv6, IPV6_MULTICAST_ALL},
    Row{kIpv6, IPV6_MTU_DISCOVER},
    Row{kIpv6, IPV6_RECVERR},
    Row{kIpv6, IPV6_RECVERR_RFC4884},
    Row{kIpv6, IPV6_RECVPKTINFO},
    Row{kIpv6, IPV6_RECVHOPLIMIT},
    Row{kIpv6, IPV6_RECVRTHDR},
    Row{kIpv6, IPV6_RECVHOPOPTS},
    Row{kIpv6, IPV6_RECVDSTOPTS},
    Row{kIpv6, IPV6_RECVPATHMTU},
    Row{kIpv6, IPV6_RECVTCLASS},
    Row{kIpv6, IPV6_RECVORIGDSTADDR},
    Row{kIpv6, IPV6_RECVFRAGSIZE},
    Row{kIpv6, IPV6_DONTFRAG},
    Row{kIpv6, IPV6_TCLASS},
    Row{kIpv6, IPV6_AUTOFLOWLABEL},
    Row{kIpv6, IPV6_MINHOPCOUNT},
    Row{kIpv6, IPV6_ADDR_PREFERENCES},
    Row{kIpv6, IPV6_UNICAST_IF},
    Row{kIpv6, IPV6_FLOWINFO},
    Row{kIpv6, IPV6_FLOWINFO_SEND},
    Row{kIpv6, MCAST_JOIN_GROUP, OptionTime::connected, kGroupReq},
    Row{kIpv6, MCAST_MSFILTER, OptionTime::connected, kGroupFilter, true},
    Row{kTcp, TCP_KEEPIDLE},
    Row{kTcp, TCP_KEEPINTVL},
    Row{kTcp, TCP_KEEPCNT},
    Row{kTcp, TCP_SYNCNT},
    Row{kTcp, TCP_LINGER2},
    Row{kTcp, TCP_DEFER_ACCEPT},
    Row{kTcp, TCP_WINDOW_CLAMP, OptionTime::connected, sizeof(int), false, true},
    Row{kTcp, TCP_THIN_LINEAR_TIMEOUTS},
    Row{kTcp, TCP_USER_TIMEOUT},
    Row{kTcp, TCP_FASTOPEN},
    Row{kTcp, TCP_FASTOPEN_CONNECT},
    Row{kTcp, TCP_FASTOPEN_NO_COOKIE},
    Row{kTcp, TCP_NOTSENT_LOWAT},
    Row{kTcp, TCP_SAVE_SYN},
    Row{kTcp, TCP_INQ},
    Row{kTcp, TCP_TX_DELAY},
    Row{kTcp, TCP_RTO_MAX_MS},
    Row{IPPROTO_UDP, UDP_ENCAP},
    Row{IPPROTO_UDP, UDP_NO_CHECK6_TX},
    Row{IPPROTO_UDP, UDP_NO_CHECK6_RX},
    Row{IPPROTO_UDP, UDP_SEGMENT},
    Row{IPPROTO_UDP, UDP_GRO},
    Row{IPPROTO_UDPLITE, UDPLITE_SEND_CSCOV},
    Row{IPPROTO_UDPLITE, UDPLITE_RECV_CSCOV},
    Row{kRaw, kIcmpFilter},
    Row{IPPROTO_ICMPV6, kIcmpFilter, OptionTime::connected, 32},
    Row{kTcp, TCP_NODELAY, kLast},
    Row{kTcp, TCP_CORK, kLast},
    Row{IPPROTO_UDP, UDP_CORK, kLast},
    Row{SOL_SOCKET, SO_PEEK_OFF, kLast},
    Row{SOL_SOCKET, SO_LOCK_FILTER, kLast},
};

const Row* find_row(int level, int name) {
    auto row = std::ranges::find_if(
        kRows, [&](const Row& each) { return each.level == level && each.name == name; });
    return row == kRows.end() ? nullptr : &*row;
}

// TCP has them in its sockets, and takes no other value.
bool is_refused_by_streams(const Row& row) {
    return (row.level == kIp && (row.name == IP_MULTICAST_IF || row.name == IP_MULTICAST_TTL)) ||
           (row.level == kIpv6 &&
            (row.name == IPV6_MULTICAST_IF || row.name == IPV6_MULTICAST_HOPS));
}

bool is_membership(const Row& row) {
    return (row.level == kIp || row.level == kIpv6) &&
           (row.name == MCAST_JOIN_GROUP || row.name == MCAST_MSFILTER);
}

std::optional<std::string> read_option(int fd, const Row& row) {
    auto value = sys::socket_option(fd, row.level, row.name, row.size);
    bool fits = value && (row.any_size || value->size() == row.size);
    return fits ? std::move(value) : std::nullopt;
}

}  // namespace

std::vector<InetOption> read_inet_options(int fd) {
    bool is_stream = sys::socket_option_int(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM;
    std::vector<InetOption> options;
    for (const Row& row : kRows) {
        if (is_membership(row) || (is_stream && is_refused_by_streams(row)))
            continue;
        if (auto value = read_option(fd, row))
            options.push_back({row.level, row.name, std::move(*value)});
    }
    return options;
}

std::vector<InetOption> read_changed_options(int fd, Connection connection,
                                             const std::vector<InetOption>& usual) {
    std::vector<InetOption> changed;
    // Both are in the order of the table.
    auto at = usual.begin();
    for (const Row& row : kRows) {
        if (at == usual.end() || at->level != row.level || at->name != row.name)
            continue;
        const std::string& before = at++->value;
        if (row.only_unconnected && connection == Connection::yes)
            continue;
        auto value = read_option(fd, row);
        if (value && *value != before)
            changed.push_back({row.level, row.name, std::move(*value)});
    }
    return changed;
}

bool is_inet_option(int level, int name, size_t size) {
    const Row* row = find_row(level, name);
    return row != nullptr && (row->any_size ? size <= row->size : size == row->size);
}

OptionTime time_of(int level, int name) {
    return find_row(level, name)->time;
}

}  // namespace crtool::net
