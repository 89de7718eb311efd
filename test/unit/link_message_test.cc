// Messages of rtnetlink about interfaces: what is left of them, and what can stand in an image.
#include "net/link_message.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>

namespace crtool::net {
namespace {

std::string link_of(unsigned flags) {
    ifinfomsg head{};
    head.ifi_index = 7;
    head.ifi_flags = flags;
    std::string message(view(head));
    uint32_t mtu = 1234;
    put_attribute(message, IFLA_IFNAME, std::string_view("tap0\0", 5));
    put_attribute(message, IFLA_MTU, view(mtu));
    return message;
}

std::string route_of(unsigned char family) {
    rtmsg head{};
    head.rtm_family = family;
    head.rtm_type = RTN_UNICAST;
    head.rtm_flags = RTNH_F_LINKDOWN | RTNH_F_ONLINK;
    std::string message(view(head));
    uint32_t link = 7;
    put_attribute(message, RTA_OIF, view(link));
    put_attribute(message, RTA_DST, "1234");
    return message;
}

}  // namespace

TEST_CASE("what the kernel would not take back is left out of a link", "[link]") {
    std::string kept = kept_link(bytes_of(link_of(IFF_UP | IFF_RUNNING)));
    CHECK(is_kept_link(kept));
    CHECK_FALSE(is_kept_link(link_of(IFF_UP)));
    Bytes attributes = bytes_of(kept).subspan(sizeof(ifinfomsg));
    CHECK(find_attribute(attributes, {IFLA_IFNAME}).empty());
    CHECK(find_number<uint32_t>(attributes, {IFLA_MTU}) == 1234U);
    CHECK(take_struct<ifinfomsg>(bytes_of(kept)).ifi_flags == IFF_UP);
}

TEST_CASE("a route forgets its interface, and is of an IP family", "[link]") {
    std::string kept = kept_route(bytes_of(route_of(AF_INET)));
    CHECK(is_kept_route(kept));
    Bytes attributes = bytes_of(kept).subspan(sizeof(rtmsg));
    CHECK(find_attribute(attributes, {RTA_OIF}).empty());
    CHECK(text_of(find_attribute(attributes, {RTA_DST})) == "1234");
    CHECK(take_struct<rtmsg>(bytes_of(kept)).rtm_flags == RTNH_F_ONLINK);
    CHECK_FALSE(is_kept_route(route_of(AF_INET)));
    CHECK_FALSE(is_kept_route(kept_route(bytes_of(route_of(AF_BRIDGE)))));
}

TEST_CASE("a message with a cut or a foreign attribute is none", "[link]") {
    std::string kept = kept_link(bytes_of(link_of(IFF_UP)));
    for (size_t size = 0; size < kept.size(); size++) {
        INFO(size);
        CHECK(is_kept_link(kept.substr(0, size)) == (size == sizeof(ifinfomsg)));
    }
    std::string more = kept;
    put_attribute(more, IFLA_NET_NS_PID, "1234");
    CHECK_FALSE(is_kept_link(more));
    CHECK_FALSE(is_kept_address(""));
    CHECK_FALSE(is_kept_route(kept));
}

TEST_CASE("attributes stand in attributes", "[link]") {
    std::string inner, outer;
    put_attribute(inner, 3, "\x05");
    put_attribute(outer, 9 | NLA_F_NESTED, inner);
    CHECK(find_number<uint8_t>(bytes_of(outer), {9, 3}) == 5U);
    CHECK_FALSE(find_number<uint8_t>(bytes_of(outer), {9, 4}));
    CHECK_FALSE(find_number<uint32_t>(bytes_of(outer), {3}));
}

}  // namespace crtool::net
