// What the tests of urgent data of TCP (MSG_OOB) share.
#pragma once

#include <sys/ioctl.h>

#include <csignal>

#include "inet.h"

namespace zdtm {

// `before`, an urgent byte and `after` are all there, unread.
inline void send_urgent(const TcpPair& pair, const std::string& before, char byte,
                        const std::string& after) {
    if (!before.empty()) {
        send_text(pair.client, before);
    }
    CHECK_EQ(send(pair.client, &byte, 1, MSG_OOB), 1);
    if (!after.empty()) {
        send_text(pair.client, after);
    }
    wait_until([&] {
        int left = 1;
        CHECK_SYS(ioctl(pair.client, TIOCOUTQ, &left));
        return left == 0;
    });
}

inline bool is_at_mark(int fd) {
    return CHECK_SYS(sockatmark(fd)) == 1;
}

inline bool has_urgent(int fd) {
    pollfd poll_fd = {fd, POLLPRI, 0};
    CHECK_SYS(poll(&poll_fd, 1, 0));
    return (poll_fd.revents & POLLPRI) != 0;
}

// −errno when there is none.
inline int take_urgent(int fd) {
    char byte = 0;
    const ssize_t got = recv(fd, &byte, 1, MSG_OOB | MSG_DONTWAIT);
    CHECK(got == 1 || got == -1);
    return got == 1 ? static_cast<unsigned char>(byte) : -errno;
}

// One recv(2), which stops at the mark.
inline std::string read_some(int fd) {
    char text[4096];
    const ssize_t got = recv(fd, text, sizeof text, MSG_DONTWAIT);
    CHECK(got >= 0);
    return {text, static_cast<size_t>(got)};
}

inline int unread(int fd) {
    int bytes = 0;
    CHECK_SYS(ioctl(fd, FIONREAD, &bytes));
    return bytes;
}

inline void expect_nothing(int fd) {
    char byte = 0;
    CHECK(recv(fd, &byte, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
    CHECK(!is_at_mark(fd));
    CHECK_EQ(take_urgent(fd), -EINVAL);
}

// Another one, as a live connection takes it.
inline void expect_more(const TcpPair& pair) {
    send_urgent(pair, "more", '?', "");
    wait_until([&] { return has_urgent(pair.server); });
    CHECK_EQ(take_urgent(pair.server), '?');
    expect_text(pair.server, "more");
}

// SIGURG of `fd` is sent to this process, and stays pending.
inline void keep_signal(int fd) {
    sigset_t urgent;
    sigemptyset(&urgent);
    sigaddset(&urgent, SIGURG);
    CHECK_SYS(sigprocmask(SIG_BLOCK, &urgent, nullptr));
    CHECK_SYS(fcntl(fd, F_SETOWN, getpid()));
}

inline bool take_signal() {
    sigset_t urgent;
    sigemptyset(&urgent);
    sigaddset(&urgent, SIGURG);
    const timespec at_once{};
    return sigtimedwait(&urgent, nullptr, &at_once) == SIGURG;
}

}  // namespace zdtm
