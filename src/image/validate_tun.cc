// Checks of validate() about tun and tap devices.
#include <linux/if_tun.h>

#include <string_view>

#include "image/validate_internal.h"
#include "net/link_message.h"
#include "net/link_state.h"

namespace crtool::image::checks {
namespace {

constexpr size_t kMaxInterface = 15;  // IFNAMSIZ without its NUL
constexpr uint32_t kFlags = IFF_TUN | IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS | IFF_NO_PI |
                            IFF_ONE_QUEUE | IFF_VNET_HDR | IFF_MULTI_QUEUE;
constexpr uint32_t kMaxAddressMode = 3;   // IN6_ADDR_GEN_MODE_RANDOM
constexpr uint32_t kMaxLinkType = 65534;  // ARPHRD_NONE
constexpr uint32_t kOffloads = 0x6f;      // TUN_F_*, without UFO

void check_name(const std::string& name) {
    check_text(name, kMaxInterface, "its interface");
    // The kernel would choose a number for %d.
    if (name == "." || name == ".." || name.find_first_of("/:% \t\n\v\f\r") != std::string::npos)
        refuse("its interface has a name that no interface can have");
}

void check_interface(const TunInterface& interface) {
    check_known(interface);
    if (!net::is_kept_link(interface.link()) || net::link_index(interface.link()) == 0 ||
        net::link_index(interface.link()) > INT32_MAX ||
        net::link_type(interface.link()) > kMaxLinkType)
        refuse("its interface is not described as one");
    for (const std::string& address : interface.addresses())
        if (!net::is_kept_address(address))
            refuse("an address of its interface is none");
    for (const std::string& route : interface.routes())
        if (!net::is_kept_route(route))
            refuse("a route of its interface is none");
    check_name(interface.master());
    if (interface.address_mode() > kMaxAddressMode)
        refuse("its interface makes addresses in mode {}", interface.address_mode());
    if (interface.has_owner())
        check_id(interface.owner(), "the owner of its interface");
    if (interface.has_group())
        check_id(interface.group(), "the group of its interface");
    if (interface.sndbuf() == 0 || interface.sndbuf() > INT32_MAX ||
        interface.header_bytes() > UINT16_MAX || (interface.offloads() & ~kOffloads) != 0)
        refuse("its buffer is {}, its headers have {} bytes, its offloads are {:#x}",
               interface.sndbuf(), interface.header_bytes(), interface.offloads());
}

}  // namespace

void check_tun(const Index&, const OpenFile& file) {
    const Tun& tun = file.tun();
    check_known(tun);
    check_path(tun.path(), "its path");
    if (tun.name().empty() != !tun.has_interface() ||
        (tun.name().empty() && (tun.flags() != 0 || tun.detached())))
        refuse("it has no interface, or one without a name");
    if (tun.name().empty())
        return;
    check_name(tun.name());
    uint32_t type = tun.flags() & (IFF_TUN | IFF_TAP);
    if ((tun.flags() & ~kFlags) != 0 || (type != IFF_TUN && type != IFF_TAP))
        refuse("its flags are {:#x}", tun.flags());
    if (tun.detached() && (tun.flags() & IFF_MULTI_QUEUE) == 0)
        refuse("the only queue of its interface is detached");
    check_interface(tun.interface());
}

}  // namespace crtool::image::checks
