// A network interface as rtnetlink(7) tells of it: state, addresses, and routes that lead through
// it. Kept as the kernel's own messages, without what it would not take back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crtool::net {

struct LinkState {
    std::string link;                      // struct ifinfomsg and attributes: see link_message.h
    std::vector<std::string> addresses;    // struct ifaddrmsg and attributes
    std::vector<std::string> routes;       // struct rtmsg and attributes
    std::string master;                    // name of the bridge it is a port of; empty: none
    std::optional<uint32_t> address_mode;  // IN6_ADDR_GEN_MODE_*; none without IPv6
};

// What a tun device says of its interface beside.
struct TunDetails {
    bool no_pi = false;             // IFF_NO_PI
    std::optional<uint32_t> owner;  // TUNSETOWNER
    std::optional<uint32_t> group;
};

// Throws Error when there is no such interface.
LinkState read_link_state(uint32_t index);
TunDetails read_tun_details(uint32_t index);

// Makes the interface, which is new, what it was.
void apply_link_state(uint32_t index, const LinkState& state);

// Number and type (ARPHRD_*) in LinkState.link.
uint32_t link_index(const std::string& link);
uint32_t link_type(const std::string& link);

}  // namespace crtool::net
