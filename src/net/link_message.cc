// See link_message.h.
#include "net/link_message.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>

namespace crtool::net {
namespace {

using Types = std::initializer_list<int>;
constexpr Types kLinkAttributes = {IFLA_ADDRESS, IFLA_BROADCAST, IFLA_MTU,    IFLA_TXQLEN,
                                   IFLA_IFALIAS, IFLA_GROUP,     IFLA_CARRIER};
constexpr Types kAddressAttributes = {IFA_ADDRESS, IFA_LOCAL,     IFA_LABEL,       IFA_BROADCAST,
                                      IFA_FLAGS,   IFA_CACHEINFO, IFA_RT_PRIORITY, IFA_PROTO};
constexpr Types kRouteAttributes = {RTA_DST,     RTA_SRC,   RTA_GATEWAY, RTA_PRIORITY, RTA_PREFSRC,
                                    RTA_METRICS, RTA_TABLE, RTA_PREF,    RTA_VIA};

template <typename T>
void put_attributes(std::string& message, Bytes answer, Types types) {
    for_each_attribute(answer.subspan(NLMSG_ALIGN(sizeof(T))), [&](int type, Bytes value) {
        if (std::ranges::find(types, type) != types.end())
            put_attribute(message, type, text_of(value));
    });
}

template <typename T>
bool is_kept(const std::string& message, std::string (&keep)(Bytes)) {
    return message.size() >= sizeof(T) && keep(bytes_of(message)) == message;
}

// The family stands first in each.
bool is_of_inet(const std::string& message) {
    return message.front() == AF_INET || message.front() == AF_INET6;
}

}  // namespace

void put_attribute(std::string& message, int type, std::string_view value) {
    nlattr head = {static_cast<uint16_t>(NLA_HDRLEN + value.size()), static_cast<uint16_t>(type)};
    message += view(head);
    message += value;
    message.resize(NLA_ALIGN(message.size()));
}

Bytes find_attribute(Bytes attributes, std::initializer_list<int> path) {
    for (int wanted : path) {
        Bytes found;
        for_each_attribute(attributes, [&](int type, Bytes value) {
            if (type == wanted)
                found = value;
        });
        attributes = found;
    }
    return attributes;
}

std::string kept_link(Bytes answer) {
    auto head = take_struct<ifinfomsg>(answer);
    head.ifi_family = AF_UNSPEC;
    head.ifi_flags &= settable_link_flags();
    head.ifi_change = 0;
    std::string message(view(head));
    put_attributes<ifinfomsg>(message, answer, kLinkAttributes);
    return message;
}

std::string kept_address(Bytes answer) {
    auto head = take_struct<ifaddrmsg>(answer);
    head.ifa_index = 0;
    std::string message(view(head));
    put_attributes<ifaddrmsg>(message, answer, kAddressAttributes);
    return message;
}

std::string kept_route(Bytes answer) {
    auto head = take_struct<rtmsg>(answer);
    head.rtm_flags &= RTNH_F_ONLINK;
    std::string message(view(head));
    put_attributes<rtmsg>(message, answer, kRouteAttributes);
    return message;
}

bool is_kept_link(const std::string& message) {
    return is_kept<ifinfomsg>(message, kept_link);
}

bool is_kept_address(const std::string& message) {
    return is_kept<ifaddrmsg>(message, kept_address) && is_of_inet(message);
}

bool is_kept_route(const std::string& message) {
    return is_kept<rtmsg>(message, kept_route) && is_of_inet(message);
}

unsigned settable_link_flags() {
    return IFF_UP | IFF_DEBUG | IFF_NOTRAILERS | IFF_NOARP | IFF_PROMISC | IFF_ALLMULTI |
           IFF_MULTICAST | IFF_DYNAMIC;
}

}  // namespace crtool::net
