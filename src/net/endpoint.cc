// See endpoint.h.
#include "net/endpoint.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace crtool::net {
namespace {

constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

bool Endpoint::is_v4() const {
    return std::equal(kMapped.begin(), kMapped.end(), address.begin());
}

bool Endpoint::is_any() const {
    auto from = address.begin() + (is_v4() ? kMapped.size() : 0);
    return std::all_of(from, address.end(), [](uint8_t byte) { return byte == 0; });
}

bool Endpoint::is_multicast() const {
    return is_v4() ? address[12] >= 224 : address[0] == 0xff;
}

std::string_view Endpoint::v4_bytes() const {
    return {reinterpret_cast<const char*>(&address[12]), 4};
}

std::optional<Endpoint> parse_endpoint(std::string_view sockaddr) {
    Endpoint result;
    sockaddr_in6 v6{};
    std::memcpy(&v6, sockaddr.data(), std::min(sockaddr.size(), sizeof v6));
    if (sockaddr.size() == sizeof v6 && v6.sin6_family == AF_INET6) {
        std::memcpy(result.address.data(), &v6.sin6_addr, result.address.size());
        result.port = ntohs(v6.sin6_port);
        result.scope = v6.sin6_scope_id;
        return result;
    }
    sockaddr_in v4{};
    std::memcpy(&v4, sockaddr.data(), std::min(sockaddr.size(), sizeof v4));
    if (sockaddr.size() != sizeof v4 || v4.sin_family != AF_INET)
        return std::nullopt;
    std::copy(kMapped.begin(), kMapped.end(), result.address.begin());
    std::memcpy(&result.address[12], &v4.sin_addr, sizeof v4.sin_addr);
    result.port = ntohs(v4.sin_port);
    return result;
}

Endpoint loopback(bool is_v4, uint16_t port) {
    Endpoint result;
    result.address[15] = 1;
    result.port = port;
    if (is_v4) {
        std::copy(kMapped.begin(), kMapped.end(), result.address.begin());
        result.address[12] = 127;
    }
    return result;
}

std::string to_sockaddr(const Endpoint& endpoint, int domain) {
    if (domain == AF_INET6) {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(endpoint.port);
        v6.sin6_scope_id = endpoint.scope;
        std::memcpy(&v6.sin6_addr, endpoint.address.data(), sizeof v6.sin6_addr);
        return {reinterpret_cast<const char*>(&v6), sizeof v6};
    }
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, &endpoint.address[12], sizeof v4.sin_addr);
    return {reinterpret_cast<const char*>(&v4), sizeof v4};
}

}  // namespace crtool::net
