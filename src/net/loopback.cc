// See loopback.h.
#include "net/loopback.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <netinet/if_ether.h>
#include <sys/socket.h>

#include "base/error.h"
#include "sys/net_interface.h"

namespace crtool::net {

std::string loopback_name(uint16_t protocol) {
    std::optional<uint32_t> index = sys::interface_index("lo");
    if (!index)
        fail(Errc::unsupported, "there is no loopback device");
    sockaddr_ll name{};
    name.sll_family = AF_PACKET;
    name.sll_protocol = htons(protocol);
    name.sll_ifindex = static_cast<int>(*index);
    name.sll_halen = ETH_ALEN;
    return {reinterpret_cast<const char*>(&name), sizeof name};
}

}  // namespace crtool::net
