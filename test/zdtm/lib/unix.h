// What the tests of unix sockets share: names, sockets, messages with descriptors and credentials.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <vector>

#include "zdtm.h"

namespace zdtm {

struct UnixAddress {
    sockaddr_un raw = {};
    socklen_t size = sizeof(sockaddr_un);

    UnixAddress() = default;

    // A path, or an abstract name when it begins with '@'.
    explicit UnixAddress(std::string_view name) {
        raw.sun_family = AF_UNIX;
        memcpy(raw.sun_path, name.data(), name.size());
        size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        if (name.starts_with('@')) {
            raw.sun_path[0] = '\0';
        } else {
            size++;
        }
    }

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&raw); }

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&raw); }

    // As it was given; empty: no name.
    std::string name() const {
        if (size <= offsetof(sockaddr_un, sun_path)) {
            return {};
        }
        const size_t length = size - offsetof(sockaddr_un, sun_path);
        if (raw.sun_path[0] != '\0') {
            return {raw.sun_path, strnlen(raw.sun_path, length)};
        }
        return "@" + std::string(raw.sun_path + 1, length - 1);
    }
};

// An abstract name that no other test has.
inline std::string abstract_name(std::string_view name) {
    return "@zdtm" + std::string(dir()) + "/" + std::string(name);
}

inline std::string name_of(int fd) {
    UnixAddress address;
    CHECK_SYS(getsockname(fd, address.get(), &address.size));
    return address.name();
}

inline std::string peer_name_of(int fd) {
    UnixAddress address;
    CHECK_SYS(getpeername(fd, address.get(), &address.size));
    return address.name();
}

inline int unix_socket(int type) {
    return CHECK_SYS(socket(AF_UNIX, type, 0));
}

inline int bound_socket(int type, const std::string& name) {
    const int fd = unix_socket(type);
    const UnixAddress address(name);
    CHECK_SYS(bind(fd, address.get(), address.size));
    return fd;
}

inline int listening_socket(int type, const std::string& name, int backlog = 8) {
    const int fd = bound_socket(type, name);
    CHECK_SYS(listen(fd, backlog));
    return fd;
}

inline void connect_to(int fd, const std::string& name) {
    const UnixAddress address(name);
    CHECK_SYS(connect(fd, address.get(), address.size));
}

inline int connected_socket(int type, const std::string& name) {
    const int fd = unix_socket(type);
    connect_to(fd, name);
    return fd;
}

inline ucred peer_of(int fd) {
    ucred creds = {};
    socklen_t size = sizeof creds;
    CHECK_SYS(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &creds, &size));
    return creds;
}

inline int int_option(int fd, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    CHECK_SYS(getsockopt(fd, SOL_SOCKET, name, &value, &size));
    return value;
}

inline void set_int_option(int fd, int name, int value) {
    CHECK_SYS(setsockopt(fd, SOL_SOCKET, name, &value, sizeof value));
}

inline void send_text(int fd, std::string_view text) {
    CHECK_EQ(send(fd, text.data(), text.size(), MSG_NOSIGNAL), text.size());
}

// What one recv(2) gives; nothing there is a failure.
inline std::string receive_text(int fd, size_t room = 1 << 20) {
    std::string text(room, '\0');
    text.resize(static_cast<size_t>(CHECK_SYS(recv(fd, text.data(), room, MSG_DONTWAIT))));
    return text;
}

inline void expect_nothing(int fd) {
    char byte = 0;
    CHECK_EQ(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
    CHECK_EQ(errno, EAGAIN);
}

struct Message {
    std::string text;
    std::vector<int> fds;
    ucred creds = {};
    bool has_creds = false;
    std::string sender;
};

inline void send_fds(int fd, std::string_view text, const std::vector<int>& fds) {
    iovec part = {const_cast<char*>(text.data()), text.size()};
    alignas(cmsghdr) char control[1024] = {};
    msghdr head = {};
    head.msg_iov = &part;
    head.msg_iovlen = 1;
    head.msg_control = control;
    head.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
    cmsghdr* rights = CMSG_FIRSTHDR(&head);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    memcpy(CMSG_DATA(rights), fds.data(), fds.size() * sizeof(int));
    CHECK_EQ(sendmsg(fd, &head, MSG_NOSIGNAL), text.size());
}

inline Message receive_message(int fd, size_t room = 1 << 16) {
    Message message;
    message.text.resize(room);
    iovec part = {message.text.data(), room};
    alignas(cmsghdr) char control[2048] = {};
    UnixAddress from;
    msghdr head = {};
    head.msg_name = &from.raw;
    head.msg_namelen = from.size;
    head.msg_iov = &part;
    head.msg_iovlen = 1;
    head.msg_control = control;
    head.msg_controllen = sizeof control;
    message.text.resize(static_cast<size_t>(CHECK_SYS(recvmsg(fd, &head, MSG_DONTWAIT))));
    from.size = head.msg_namelen;
    message.sender = from.name();
    for (cmsghdr* at = CMSG_FIRSTHDR(&head); at != nullptr; at = CMSG_NXTHDR(&head, at)) {
        if (at->cmsg_type == SCM_RIGHTS) {
            message.fds.resize((at->cmsg_len - CMSG_LEN(0)) / sizeof(int));
            memcpy(message.fds.data(), CMSG_DATA(at), message.fds.size() * sizeof(int));
        } else if (at->cmsg_type == SCM_CREDENTIALS) {
            memcpy(&message.creds, CMSG_DATA(at), sizeof message.creds);
            message.has_creds = true;
        }
    }
    return message;
}

}  // namespace zdtm
