// What the tests of packet sockets share: frames of a protocol that nobody else of the machine
// speaks, sent over the loopback device.
#pragma once

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/if_ether.h>

#include "inet.h"

namespace zdtm {

// Tests that run at once have different ones, and children that of their parent.
inline uint16_t own_protocol() {
    static const auto protocol = static_cast<uint16_t>(0x9000 + getpid() % 0x5000);
    return protocol;
}

inline sockaddr_ll on_loopback(uint16_t protocol) {
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(protocol);
    address.sll_ifindex = static_cast<int>(if_nametoindex("lo"));
    address.sll_halen = ETH_ALEN;
    return address;
}

inline int packet_socket(int type) {
    return CHECK_SYS(socket(AF_PACKET, type | SOCK_CLOEXEC, 0));
}

inline void bind_to_loopback(int fd) {
    const sockaddr_ll address = on_loopback(own_protocol());
    CHECK_SYS(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

// By a socket of its own kind, which hears nothing: packet_socket(SOCK_DGRAM).
inline void send_frame(int sender, const std::string& text) {
    const sockaddr_ll to = on_loopback(own_protocol());
    CHECK_EQ(sendto(sender, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                    sizeof to),
             static_cast<ssize_t>(text.size()));
}

// Waits for the next frame, without its header; `type`: of the socket.
inline std::string next_frame(int fd, int type) {
    char frame[2048];
    const ssize_t got = CHECK_SYS(recv(fd, frame, sizeof frame, 0));
    const size_t head = type == SOCK_RAW ? ETH_HLEN : 0;
    return {frame + head, static_cast<size_t>(got) - head};
}

// Nothing more is there.
inline void expect_no_frame(int fd) {
    char byte = 0;
    CHECK(recv(fd, &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
}

inline int packet_option(int fd, int name) {
    return get_option(fd, SOL_PACKET, name);
}

inline void set_packet_option(int fd, int name, int value) {
    set_option(fd, SOL_PACKET, name, value);
}

}  // namespace zdtm
