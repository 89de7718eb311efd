// --tcp-remap: its values, and what becomes of the addresses of an image.
#include "restore/address_map.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>

#include "cli/remap_option.h"
#include "net/endpoint.h"
#include "sys/inet_calls.h"

namespace crtool {
namespace {

std::string name(std::array<uint8_t, 4> address, int domain = AF_INET) {
    net::Endpoint endpoint = net::loopback(true, 80);
    std::copy(address.begin(), address.end(), &endpoint.address[12]);
    return net::to_sockaddr(endpoint, domain);
}

std::string mapped(const std::vector<std::string>& rules, const std::string& sockaddr) {
    return sys::address_text(restore::map_address(cli::parse_remaps(rules), sockaddr));
}

}  // namespace

TEST_CASE("an address follows the rule with the longest prefix", "[remap]") {
    const std::vector<std::string> rules = {"10.1.0.0/16=192.168.0.0/16", "10.1.2.3=127.0.0.9",
                                            "10.0.0.0/9=172.128.0.0/9"};
    CHECK(mapped(rules, name({10, 1, 2, 3})) == "127.0.0.9:80");
    CHECK(mapped(rules, name({10, 1, 2, 4})) == "192.168.2.4:80");
    CHECK(mapped(rules, name({10, 2, 2, 4})) == "172.130.2.4:80");
    CHECK(mapped(rules, name({10, 128, 2, 4})) == "10.128.2.4:80");
    CHECK(mapped(rules, name({0, 0, 0, 0})) == "0.0.0.0:80");
}

TEST_CASE("two addresses change places", "[remap]") {
    const std::vector<std::string> rules = {"10.0.0.1=10.0.0.2", "10.0.0.2=10.0.0.1"};
    CHECK(mapped(rules, name({10, 0, 0, 1})) == "10.0.0.2:80");
    CHECK(mapped(rules, name({10, 0, 0, 2})) == "10.0.0.1:80");
}

TEST_CASE("IPv4 in IPv6 follows the rules of IPv4, and only these", "[remap]") {
    std::string inside = name({10, 0, 0, 1}, AF_INET6);
    CHECK(mapped({"10.0.0.0/8=11.0.0.0/8"}, inside) == "[::ffff:11.0.0.1]:80");
    CHECK(mapped({"::ffff:10.0.0.1=::ffff:10.0.0.2"}, inside) == "[::ffff:10.0.0.2]:80");
    CHECK(mapped({"::ffff:10.0.0.1=10.0.0.2"}, inside) == "[::ffff:10.0.0.2]:80");
    CHECK(mapped({"0:0:0:0:8000::/65=fd00:0:0:0:8000::/65"}, inside) == "[::ffff:10.0.0.1]:80");
    CHECK(mapped({"::1=fd00::1"}, net::to_sockaddr(net::loopback(false, 80), AF_INET6)) ==
          "[fd00::1]:80");
}

TEST_CASE("all addresses of internet sockets are exchanged", "[remap]") {
    image::Image image;
    image.files.emplace_back().mutable_eventfd();
    image::InetSocket& socket = *image.files.emplace_back().mutable_inet_socket();
    socket.set_local(name({10, 0, 0, 1}));
    socket.set_remote(name({10, 0, 0, 2}));
    socket.add_datagrams()->set_from(name({10, 0, 0, 3}));
    image::InetOption& option = *socket.add_options();
    option.set_level(IPPROTO_IP);
    option.set_name(IP_MULTICAST_IF);
    option.set_value(std::string("\x0a\x00\x00\x04", 4));
    auto rules = cli::parse_remaps({"10.0.0.0/24=10.9.9.0/24"});
    CHECK(restore::map_addresses(rules, image) == 4);
    CHECK(sys::address_text(socket.local()) == "10.9.9.1:80");
    CHECK(sys::address_text(socket.remote()) == "10.9.9.2:80");
    CHECK(sys::address_text(socket.datagrams(0).from()) == "10.9.9.3:80");
    CHECK(option.value() == "\x0a\x09\x09\x04");
    socket.clear_remote();
    CHECK(restore::map_addresses(rules, image) == 0);
    CHECK(socket.remote().empty());
}

TEST_CASE("a value of --tcp-remap that means nothing is refused", "[remap]") {
    auto refused = [](const std::string& text, const char* words) {
        INFO(text);
        CHECK_THROWS_WITH(cli::parse_remaps({text}),
                          Catch::Contains("--tcp-remap " + text) && Catch::Contains(words));
    };
    refused("10.0.0.1", "OLD=NEW");
    refused("10.0.0=10.0.0.1", "'10.0.0' is no IPv4 or IPv6 address");
    refused("10.0.0.1=localhost", "'localhost' is no");
    refused("10.0.0.1=::1", "the other is not");
    refused("10.0.0.0/24=10.1.0.0/16", "same length");
    refused("10.0.0.1=10.1.0.0/16", "same length");
    refused("10.0.0.0/33=10.1.0.0/33", "from 1 to 32, not '33'");
    refused("fd00::/129=fe00::/129", "from 1 to 128");
    refused("10.0.0.0/0=10.1.0.0/0", "from 1 to 32");
    refused("10.0.0.0/8x=10.0.0.0/8", "'8x'");
    refused("10.0.0.1/8=11.0.0.0/8", "'10.0.0.1/8' has bits beyond");
    refused("0.0.0.0=10.0.0.1", "stands for every address");
    refused("::1=::", "stands for every address");
    CHECK_THROWS_WITH(cli::parse_remaps({"10.0.0.1=10.0.0.2", "10.0.0.1/32=10.0.0.3"}),
                      Catch::Contains("another --tcp-remap"));
}

}  // namespace crtool
