// What the tests of internet sockets share: addresses of the loopback device, connected pairs, and
// checks that nothing is lost between two ends.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>
#include <string>
#include <vector>

#include "zdtm.h"

namespace zdtm {

// Of either family; size() is what calls want.
struct Address {
    sockaddr_storage storage{};

    sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }

    const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }

    socklen_t size() const {
        return storage.ss_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    }

    bool operator==(const Address& other) const {
        return memcmp(&storage, &other.storage, size()) == 0;
    }
};

inline Address loopback(int domain, uint16_t port = 0) {
    Address address;
    if (domain == AF_INET) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return address;
    }
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_addr = in6addr_loopback;
    return address;
}

// ::ffff:127.0.0.1.
inline Address mapped_loopback(uint16_t port = 0) {
    Address address = loopback(AF_INET6, port);
    inet_pton(AF_INET6, "::ffff:127.0.0.1",
              &reinterpret_cast<sockaddr_in6&>(address.storage).sin6_addr);
    return address;
}

inline Address local_name(int fd) {
    Address address;
    socklen_t size = sizeof address.storage;
    CHECK_SYS(getsockname(fd, address.raw(), &size));
    return address;
}

inline Address peer_name(int fd) {
    Address address;
    socklen_t size = sizeof address.storage;
    CHECK_SYS(getpeername(fd, address.raw(), &size));
    return address;
}

inline int get_option(int fd, int level, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    CHECK_SYS(getsockopt(fd, level, name, &value, &size));
    return value;
}

inline void set_option(int fd, int level, int name, int value) {
    CHECK_SYS(setsockopt(fd, level, name, &value, sizeof value));
}

inline int bound_socket(const Address& address, int type = SOCK_STREAM, int protocol = 0) {
    const int fd = CHECK_SYS(socket(address.storage.ss_family, type | SOCK_CLOEXEC, protocol));
    CHECK_SYS(bind(fd, address.raw(), address.size()));
    return fd;
}

inline int listener(const Address& address, int protocol = 0) {
    const int fd = bound_socket(address, SOCK_STREAM, protocol);
    CHECK_SYS(listen(fd, 8));
    return fd;
}

inline int connected_to(const Address& address) {
    const int fd = CHECK_SYS(socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    CHECK_SYS(connect(fd, address.raw(), address.size()));
    return fd;
}

struct TcpPair {
    int client = -1;
    int server = -1;
};

inline TcpPair tcp_pair(const Address& address) {
    const int listening = listener(address);
    TcpPair pair;
    pair.client = connected_to(local_name(listening));
    pair.server = CHECK_SYS(accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));
    close(listening);
    return pair;
}

inline int tcp_state(int fd) {
    tcp_info info{};
    socklen_t size = sizeof info;
    CHECK_SYS(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size));
    return info.tcpi_state;
}

inline std::string pattern(size_t bytes, unsigned seed) {
    std::string text(bytes, '\0');
    for (char& c : text) {
        seed = seed * 1664525 + 1013904223;
        c = static_cast<char>(seed >> 24);
    }
    return text;
}

inline std::string read_exactly(int fd, size_t bytes) {
    std::string text(bytes, '\0');
    size_t done = 0;
    while (done < bytes) {
        const ssize_t got = recv(fd, &text[done], bytes - done, 0);
        CHECK(got > 0);
        done += static_cast<size_t>(got);
    }
    return text;
}

inline void expect_text(int fd, const std::string& wanted) {
    CHECK(read_exactly(fd, wanted.size()) == wanted);
}

inline void send_text(int fd, const std::string& text) {
    CHECK_EQ(send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
}

// As much as goes without waiting, from a pattern that goes on without end; what was sent.
inline std::string fill(int fd, unsigned seed) {
    const std::string source = pattern(64 << 20, seed);
    size_t done = 0;
    while (true) {
        const ssize_t sent =
            send(fd, &source[done], std::min<size_t>(source.size() - done, 100'000), MSG_DONTWAIT);
        if (sent < 0) {
            CHECK_EQ(errno, EAGAIN);
            return source.substr(0, done);
        }
        done += static_cast<size_t>(sent);
    }
}

// A megabyte from one to the other, none of it lost, twice or out of order.
inline void expect_flow(int from, int to, unsigned seed) {
    const std::string text = pattern(1 << 20, seed);
    const pid_t child = fork_child([&] { send_text(from, text); });
    expect_text(to, text);
    expect_exit(child);
}

inline void expect_both_ways(int one, int two) {
    expect_flow(one, two, 1);
    expect_flow(two, one, 2);
    char byte = 0;
    CHECK(recv(one, &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
    CHECK(recv(two, &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
}

inline void expect_end(int fd) {
    char byte = 0;
    CHECK_EQ(recv(fd, &byte, 1, 0), 0);
}

}  // namespace zdtm
