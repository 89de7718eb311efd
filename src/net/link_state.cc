// See link_state.h.
#include "net/link_state.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "base/error.h"
#include "net/link_message.h"
#include "net/netlink.h"
#include "sys/net_interface.h"

namespace crtool::net {
namespace {

std::string nested(int type, std::string_view value) {
    std::string result;
    put_attribute(result, type | NLA_F_NESTED, value);
    return result;
}

bool is_inet(int family) {
    return family == AF_INET || family == AF_INET6;
}

// The kernel does not pick links by their number.
std::string read_link(NetlinkSocket& socket, uint32_t index) {
    std::string result;
    ifinfomsg request{};
    socket.dump(RTM_GETLINK, std::as_bytes(std::span(&request, 1)), [&](Bytes answer) {
        if (static_cast<uint32_t>(take_struct<ifinfomsg>(answer).ifi_index) == index)
            result = text_of(answer);
    });
    if (result.empty())
        fail(Errc::gone, "there is no network interface {}", index);
    return result;
}

std::vector<std::string> read_addresses(NetlinkSocket& socket, uint32_t index) {
    std::vector<std::string> result;
    ifaddrmsg request{};
    request.ifa_index = index;
    socket.dump(RTM_GETADDR, std::as_bytes(std::span(&request, 1)), [&](Bytes answer) {
        auto head = take_struct<ifaddrmsg>(answer);
        if (head.ifa_index == index && is_inet(head.ifa_family))
            result.push_back(kept_address(answer));
    });
    return result;
}

// Those that the kernel makes with the addresses are left out. Ways before what leads over them.
std::vector<std::string> read_routes(NetlinkSocket& socket, uint32_t index) {
    std::vector<std::string> direct, far;
    for (unsigned char family : {AF_INET, AF_INET6}) {
        rtmsg head{};
        head.rtm_family = family;
        std::string request(view(head));
        put_attribute(request, RTA_OIF, view(index));
        socket.dump(RTM_GETROUTE, bytes_of(request), [&](Bytes answer) {
            auto route = take_struct<rtmsg>(answer);
            Bytes attributes = answer.subspan(sizeof route);
            if (route.rtm_type != RTN_UNICAST || route.rtm_protocol == RTPROT_KERNEL ||
                (route.rtm_flags & RTM_F_CLONED) != 0 ||
                find_number<uint32_t>(attributes, {RTA_OIF}) != index)
                return;
            bool is_far = !find_attribute(attributes, {RTA_GATEWAY}).empty();
            (is_far ? far : direct).push_back(kept_route(answer));
        });
    }
    direct.insert(direct.end(), far.begin(), far.end());
    return direct;
}

NetlinkSocket open_route_socket() {
    NetlinkSocket socket(NETLINK_ROUTE);
    socket.be_strict();
    return socket;
}

std::string link_request(uint32_t index, unsigned flags, unsigned change) {
    ifinfomsg head{};
    head.ifi_index = static_cast<int>(index);
    head.ifi_flags = flags;
    head.ifi_change = change;
    return std::string(view(head));
}

std::string address_mode_of(uint32_t mode) {
    auto value = static_cast<uint8_t>(mode);
    std::string ipv6;
    put_attribute(ipv6, IFLA_INET6_ADDR_GEN_MODE, view(value));
    return nested(IFLA_AF_SPEC, nested(AF_INET6, ipv6));
}

// What the interface does not have yet; some drivers take an attribute never, even as it is.
std::string missing_attributes(NetlinkSocket& socket, uint32_t index, const std::string& link) {
    std::string now = read_link(socket, index);
    std::string missing;
    for_each_attribute(bytes_of(link).subspan(sizeof(ifinfomsg)), [&](int type, Bytes value) {
        Bytes has = find_attribute(bytes_of(now).subspan(sizeof(ifinfomsg)), {type});
        if (text_of(has) != text_of(value))
            put_attribute(missing, type, text_of(value));
    });
    return missing;
}

void set_link(NetlinkSocket& socket, uint32_t index, const LinkState& state) {
    auto head = take_struct<ifinfomsg>(bytes_of(state.link));
    std::string attributes = missing_attributes(socket, index, state.link);
    if (!state.master.empty()) {
        std::optional<uint32_t> master = sys::interface_index(state.master);
        if (!master)
            fail(Errc::unsupported, "it was a port of the bridge {}, which is not there",
                 state.master);
        put_attribute(attributes, IFLA_MASTER, view(*master));
    }
    // The kernel makes no address of its own when it comes up.
    if (state.address_mode)
        attributes += address_mode_of(IN6_ADDR_GEN_MODE_NONE);
    // Its address can be changed while it is down.
    socket.change("set up the interface", RTM_NEWLINK, 0,
                  bytes_of(link_request(index, 0, 0) + attributes));
    socket.change("set up the interface", RTM_NEWLINK, 0,
                  bytes_of(link_request(index, head.ifi_flags, settable_link_flags())));
}

// Nobody else can have it on a new interface, so nobody is asked (IFA_F_NODAD), which is taken
// back.
void add_address(NetlinkSocket& socket, uint32_t index, const std::string& message) {
    auto head = take_struct<ifaddrmsg>(bytes_of(message));
    head.ifa_index = index;
    std::string attributes = message.substr(sizeof head);
    std::string request = std::string(view(head)) + attributes;
    if (head.ifa_family == AF_INET6) {
        uint32_t flags =
            IFA_F_NODAD |
            find_number<uint32_t>(bytes_of(attributes), {IFA_FLAGS}).value_or(head.ifa_flags);
        std::string at_once = request;
        put_attribute(at_once, IFA_FLAGS, view(flags));
        socket.change("give the interface its address", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE,
                      bytes_of(at_once));
    }
    socket.change("give the interface its address", RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE,
                  bytes_of(request));
}

}  // namespace

LinkState read_link_state(uint32_t index) {
    NetlinkSocket socket = open_route_socket();
    std::string link = read_link(socket, index);
    Bytes attributes = bytes_of(link).subspan(sizeof(ifinfomsg));
    LinkState state;
    state.link = kept_link(bytes_of(link));
    state.address_mode =
        find_number<uint8_t>(attributes, {IFLA_AF_SPEC, AF_INET6, IFLA_INET6_ADDR_GEN_MODE});
    if (auto master = find_number<uint32_t>(attributes, {IFLA_MASTER}))
        state.master =
            text_of(find_attribute(bytes_of(read_link(socket, *master)).subspan(sizeof(ifinfomsg)),
                                   {IFLA_IFNAME}))
                .data();
    state.addresses = read_addresses(socket, index);
    state.routes = read_routes(socket, index);
    return state;
}

TunDetails read_tun_details(uint32_t index) {
    NetlinkSocket socket = open_route_socket();
    std::string link = read_link(socket, index);
    Bytes data =
        find_attribute(bytes_of(link).subspan(sizeof(ifinfomsg)), {IFLA_LINKINFO, IFLA_INFO_DATA});
    return {.no_pi = find_number<uint8_t>(data, {IFLA_TUN_PI}) == 0U,
            .owner = find_number<uint32_t>(data, {IFLA_TUN_OWNER}),
            .group = find_number<uint32_t>(data, {IFLA_TUN_GROUP})};
}

void apply_link_state(uint32_t index, const LinkState& state) {
    NetlinkSocket socket(NETLINK_ROUTE);
    set_link(socket, index, state);
    for (const std::string& address : state.addresses)
        add_address(socket, index, address);
    for (std::string route : state.routes) {
        put_attribute(route, RTA_OIF, view(index));
        socket.change("make a route by the interface", RTM_NEWROUTE, NLM_F_CREATE, bytes_of(route));
    }
    if (state.address_mode)
        socket.change("set up the interface", RTM_NEWLINK, 0,
                      bytes_of(link_request(index, 0, 0) + address_mode_of(*state.address_mode)));
}

uint32_t link_index(const std::string& link) {
    return static_cast<uint32_t>(take_struct<ifinfomsg>(bytes_of(link)).ifi_index);
}

uint32_t link_type(const std::string& link) {
    return take_struct<ifinfomsg>(bytes_of(link)).ifi_type;
}

}  // namespace crtool::net
