// One end of a connection: address and port, of IPv4 and IPv6 alike.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crtool::net {

struct Endpoint {
    std::array<uint8_t, 16> address{};  // of IPv4 as ::ffff:a.b.c.d
    uint16_t port = 0;                  // host byte order
    uint32_t scope = 0;                 // interface of a link-local address

    bool is_v4() const;
    bool is_any() const;
    bool is_multicast() const;
    // Of IPv4: its four bytes.
    std::string_view v4_bytes() const;

    auto operator<=>(const Endpoint&) const = default;
};

// Of a struct sockaddr_in or sockaddr_in6; nullopt when it is none. :: and 0.0.0.0 stay different.
std::optional<Endpoint> parse_endpoint(std::string_view sockaddr);
// 127.0.0.1 or ::1.
Endpoint loopback(bool is_v4, uint16_t port);
// A struct sockaddr_in or, with AF_INET6, sockaddr_in6.
std::string to_sockaddr(const Endpoint& endpoint, int domain);

}  // namespace crtool::net
