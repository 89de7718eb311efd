// See tun.h.
#include "sys/tun.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <algorithm>

#include "base/error.h"
#include "sys/fd.h"
#include "sys/file_calls.h"

namespace crtool::sys {
namespace {

constexpr uint32_t kModes =
    IFF_TUN | IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS | IFF_ONE_QUEUE | IFF_VNET_HDR | IFF_MULTI_QUEUE;

ifreq request_of(const std::string& name, uint32_t flags) {
    ifreq request = {};
    std::copy_n(name.begin(), std::min(name.size(), size_t{IFNAMSIZ - 1}), request.ifr_name);
    request.ifr_flags = static_cast<short>(flags);
    return request;
}

template <typename Argument>
void order(int fd, unsigned long request, Argument argument, const char* what) {
    if (::ioctl(fd, request, argument) < 0)
        fail_errno(errno, "cannot {} of a tun device", what);
}

uint32_t number(int fd, unsigned long request, const char* what) {
    int value = 0;
    order(fd, request, &value, what);
    return static_cast<uint32_t>(value);
}

// TUNGETFILTER knows what was attached last, and only of a tap device.
bool had_filter(int fd) {
    sock_fprog program = {};
    return ::ioctl(fd, TUNGETFILTER, &program) == 0 && program.len != 0;
}

// An ioctl that opens the namespace; true where the kernel does not know it.
bool is_own_namespace(int fd, unsigned long request) {
    int opened = ::ioctl(fd, request, 0);
    if (opened < 0)
        return errno != EPERM && errno != EACCES;
    UniqueFd theirs(opened);
    UniqueFd own = open_at(AT_FDCWD, "/proc/self/ns/net", O_RDONLY);
    return stat_fd(theirs.get()).st_ino == stat_fd(own.get()).st_ino;
}

}  // namespace

std::optional<TunQueue> tun_queue(int fd) {
    ifreq request = {};
    if (::ioctl(fd, TUNGETIFF, &request) != 0) {
        if (errno == EBADFD)
            return std::nullopt;
        fail_errno(errno, "TUNGETIFF failed");
    }
    uint32_t flags = static_cast<uint16_t>(request.ifr_flags);
    return TunQueue{.name = request.ifr_name,
                    .flags = flags & kModes,
                    .has_no_pi = (flags & IFF_NO_PI) != 0,
                    .persistent = (flags & IFF_PERSIST) != 0,
                    .detached = (flags & IFF_DETACH_QUEUE) != 0,
                    .had_filter = had_filter(fd)};
}

bool is_tun_of_own_namespace(int fd) {
    return is_own_namespace(fd, SIOCGSKNS) && is_own_namespace(fd, TUNGETDEVNETNS);
}

bool attach_tun(int fd, const std::string& name, uint32_t flags, TunAttach how) {
    ifreq request = request_of(name, flags | (how == TunAttach::make ? IFF_TUN_EXCL : 0));
    if (::ioctl(fd, TUNSETIFF, &request) == 0)
        return true;
    if (errno == EBUSY || (how == TunAttach::join && errno == EINVAL))
        return false;
    fail_errno(errno, "cannot {} the interface {}", how == TunAttach::make ? "make" : "join", name);
}

void detach_tun_queue(int fd) {
    ifreq request = request_of("", IFF_DETACH_QUEUE);
    order(fd, TUNSETQUEUE, &request, "detach a queue");
}

void set_next_tun_index(int fd, uint32_t index) {
    order(fd, TUNSETIFINDEX, &index, "choose the number");
}

void set_tun_link_type(int fd, uint32_t type) {
    order(fd, TUNSETLINK, type, "set the type");
}

void set_tun_owner(int fd, uint32_t uid) {
    order(fd, TUNSETOWNER, uid, "set the owner");
}

void set_tun_group(int fd, uint32_t gid) {
    order(fd, TUNSETGROUP, gid, "set the group");
}

void set_tun_persistent(int fd, bool on) {
    order(fd, TUNSETPERSIST, on ? 1UL : 0UL, "change how long the interface stays");
}

TunModes tun_modes(int fd) {
    int big_endian = 0;
    // EINVAL: the kernel cannot do it, CONFIG_TUN_VNET_CROSS_LE.
    if (::ioctl(fd, TUNGETVNETBE, &big_endian) != 0)
        big_endian = 0;
    return {.sndbuf = number(fd, TUNGETSNDBUF, "read the size of the buffer"),
            .header_bytes = number(fd, TUNGETVNETHDRSZ, "read the size of headers"),
            .little_endian = number(fd, TUNGETVNETLE, "read the byte order") != 0,
            .big_endian = big_endian != 0};
}

void set_tun_modes(int fd, const TunModes& modes) {
    TunModes now = tun_modes(fd);
    auto set = [&](uint32_t is, uint32_t wanted, unsigned long request, const char* what) {
        int value = static_cast<int>(wanted);
        if (is != wanted)
            order(fd, request, &value, what);
    };
    set(now.sndbuf, modes.sndbuf, TUNSETSNDBUF, "set the size of the buffer");
    set(now.header_bytes, modes.header_bytes, TUNSETVNETHDRSZ, "set the size of headers");
    set(now.little_endian, modes.little_endian, TUNSETVNETLE, "set the byte order");
    set(now.big_endian, modes.big_endian, TUNSETVNETBE, "set the byte order");
}

void set_tun_offloads(int fd, uint32_t offloads) {
    order(fd, TUNSETOFFLOAD, static_cast<unsigned long>(offloads), "set the offloads");
}

}  // namespace crtool::sys
