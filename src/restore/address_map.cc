// See address_map.h.
#include "restore/address_map.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "net/endpoint.h"

namespace crtool::restore {
namespace {

constexpr unsigned kMappedBits = 96;  // ::ffff:0:0/96 stands before an IPv4 address

// The bits of byte `at` that belong to the prefix.
uint8_t prefix_mask(unsigned bits, size_t at) {
    if (bits >= 8 * (at + 1))
        return 0xff;
    return bits <= 8 * at ? 0 : static_cast<uint8_t>(0xff00 >> (bits - 8 * at));
}

bool fits(const AddressRule& rule, const net::Endpoint& endpoint) {
    if (endpoint.is_v4() && rule.bits < kMappedBits)
        return false;
    for (size_t i = 0; i < endpoint.address.size(); i++) {
        if (((endpoint.address[i] ^ rule.from[i]) & prefix_mask(rule.bits, i)) != 0)
            return false;
    }
    return true;
}

const AddressRule* find_rule(const std::vector<AddressRule>& rules, const net::Endpoint& endpoint) {
    const AddressRule* best = nullptr;
    for (const AddressRule& rule : rules) {
        if (fits(rule, endpoint) && (best == nullptr || rule.bits > best->bits))
            best = &rule;
    }
    return best;
}

// IP_MULTICAST_IF holds an address alone.
std::string map_interface(const std::vector<AddressRule>& rules, const std::string& value) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    value.copy(reinterpret_cast<char*>(&name.sin_addr), sizeof name.sin_addr);
    std::string mapped = map_address(rules, {reinterpret_cast<const char*>(&name), sizeof name});
    return mapped.substr(offsetof(sockaddr_in, sin_addr), sizeof name.sin_addr);
}

}  // namespace

std::string map_address(const std::vector<AddressRule>& rules, const std::string& sockaddr) {
    auto endpoint = net::parse_endpoint(sockaddr);
    const AddressRule* rule =
        endpoint && !endpoint->is_any() ? find_rule(rules, *endpoint) : nullptr;
    if (rule == nullptr)
        return sockaddr;
    for (size_t i = 0; i < endpoint->address.size(); i++) {
        uint8_t mask = prefix_mask(rule->bits, i);
        endpoint->address[i] =
            static_cast<uint8_t>((rule->to[i] & mask) | (endpoint->address[i] & ~mask));
    }
    constexpr size_t kV6 = sizeof(sockaddr_in6);
    return net::to_sockaddr(*endpoint, sockaddr.size() == kV6 ? AF_INET6 : AF_INET);
}

size_t map_addresses(const std::vector<AddressRule>& rules, image::Image& image) {
    size_t exchanged = 0;
    auto exchange = [&](std::string& value, const std::string& mapped) {
        exchanged += value == mapped ? 0 : 1;
        value = mapped;
    };
    for (image::OpenFile& file : image.files) {
        if (!file.has_inet_socket())
            continue;
        image::InetSocket& socket = *file.mutable_inet_socket();
        for (std::string* name : {socket.mutable_local(), socket.mutable_remote()})
            exchange(*name, map_address(rules, *name));
        for (image::Datagram& datagram : *socket.mutable_datagrams())
            exchange(*datagram.mutable_from(), map_address(rules, datagram.from()));
        for (image::InetOption& option : *socket.mutable_options()) {
            if (option.level() == IPPROTO_IP && option.name() == IP_MULTICAST_IF)
                exchange(*option.mutable_value(), map_interface(rules, option.value()));
        }
    }
    return exchanged;
}

}  // namespace crtool::restore
