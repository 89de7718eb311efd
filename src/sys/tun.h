// Calls on tun and tap devices, errors as exceptions. See proto/tun.proto.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace crtool::sys {

// What a descriptor of the device is joined to.
struct TunQueue {
    std::string name;        // of the interface
    uint32_t flags = 0;      // IFF_*, as attach_tun() takes them, without IFF_NO_PI
    bool has_no_pi = false;  // IFF_NO_PI is set, or the kernel means that there is no filter
    bool persistent = false;
    bool detached = false;    // it waits to be used
    bool had_filter = false;  // TUNATTACHFILTER, which may have been taken back since
};

// nullopt: it has no interface yet.
std::optional<TunQueue> tun_queue(int fd);
// Whether the device, and its interface if any, are of crtool's network namespace.
bool is_tun_of_own_namespace(int fd);

// TUNSETIFF; false: it is there (make), or it is in use or of another type (join).
enum class TunAttach : uint8_t { make, join };
bool attach_tun(int fd, const std::string& name, uint32_t flags, TunAttach how);
void detach_tun_queue(int fd);

// Of the interface that is made next.
void set_next_tun_index(int fd, uint32_t index);
void set_tun_link_type(int fd, uint32_t type);
void set_tun_owner(int fd, uint32_t uid);
void set_tun_group(int fd, uint32_t gid);
void set_tun_persistent(int fd, bool on);

struct TunModes {
    uint32_t sndbuf = 0;
    uint32_t header_bytes = 0;
    bool little_endian = false;
    bool big_endian = false;
};

TunModes tun_modes(int fd);
void set_tun_modes(int fd, const TunModes& modes);
// TUN_F_*.
uint32_t tun_offloads(const std::string& interface);
void set_tun_offloads(int fd, uint32_t offloads);

}  // namespace crtool::sys
