// What the tests of tun and tap devices share: interfaces with names of their own, and what the
// kernel tells of them. Without such devices a test is skipped.
#pragma once

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <cstring>
#include <string>

#include "inet.h"

namespace zdtm {

inline ifreq request_of(const std::string& name) {
    ifreq request = {};
    memcpy(request.ifr_name, name.c_str(), name.size());
    return request;
}

inline int open_tun(int flags = 0) {
    const int fd = open("/dev/net/tun", O_RDWR | flags);
    if (fd == -1) {
        skip("this machine has no tun devices");
    }
    return fd;
}

inline void attach(int fd, const std::string& name, int flags) {
    ifreq request = request_of(name);
    request.ifr_flags = static_cast<short>(flags);
    if (ioctl(fd, TUNSETIFF, &request) == -1) {
        skip("no interface can be made");
    }
}

// TUNGETIFF; the interface must have this name.
inline unsigned tun_flags(int fd, const std::string& name) {
    ifreq request = {};
    CHECK_SYS(ioctl(fd, TUNGETIFF, &request));
    CHECK_EQ(std::string(request.ifr_name), name);
    return static_cast<unsigned short>(request.ifr_flags);
}

// A number that `request` asks of the device.
inline int tun_number(int fd, unsigned long request) {
    int value = 0;
    CHECK_SYS(ioctl(fd, request, &value));
    return value;
}

// A file of /sys/class/net.
inline std::string link_text(const std::string& name, const char* file) {
    const std::string path = "/sys/class/net/" + name + "/" + file;
    const int fd = CHECK_SYS(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    char text[4096];
    const ssize_t size = CHECK_SYS(read(fd, text, sizeof text));
    close(fd);
    return {text, static_cast<size_t>(size)};
}

// SIOC* of an interface's IPv4 address and the like.
inline sockaddr_in& address_in(ifreq& request) {
    return reinterpret_cast<sockaddr_in&>(request.ifr_addr);
}

// A private network (a mask of 24 bits) that no other run of a test has.
inline uint32_t tun_network() {
    return 0x0a000000U | (static_cast<uint32_t>(getpid()) & 0xffffU) << 8;
}

// The interface has the first address of that network, and is up.
inline void add_tun_address(int control, const std::string& name) {
    ifreq request = request_of(name);
    address_in(request).sin_family = AF_INET;
    address_in(request).sin_addr.s_addr = htonl(tun_network() + 1);
    CHECK_SYS(ioctl(control, SIOCSIFADDR, &request));
    address_in(request).sin_addr.s_addr = htonl(0xffffff00U);
    CHECK_SYS(ioctl(control, SIOCSIFNETMASK, &request));
    request.ifr_flags = IFF_UP;
    CHECK_SYS(ioctl(control, SIOCSIFFLAGS, &request));
}

}  // namespace zdtm
