// Pairs of pseudo-terminals for tests. Their numbers are high, each process's in a range of its
// own, so that tests that run side by side do not take each other's while a tree is not there.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <cstdlib>
#include <vector>

#include "zdtm.h"

namespace zdtm {

// The master of an unlocked pair whose slave nobody has opened yet.
inline int open_master(int flags = O_RDWR) {
    const int lowest = 20 + 4 * (getpid() % 64);
    std::vector<int> lower;
    for (;;) {
        const int master = CHECK_SYS(open("/dev/ptmx", flags | O_NOCTTY));
        int number = -1;
        CHECK_SYS(ioctl(master, TIOCGPTN, &number));
        if (number >= lowest) {
            CHECK_SYS(unlockpt(master));
            for (const int fd : lower) {
                CHECK_SYS(close(fd));
            }
            // The lowest descriptor that is free, as if nothing else had been opened.
            const int fd = CHECK_SYS(fcntl(master, F_DUPFD, 0));
            CHECK_SYS(close(fd < master ? master : fd));
            return fd < master ? fd : master;
        }
        lower.push_back(master);
    }
}

inline std::string slave_name(int master) {
    char name[64] = {};
    CHECK_EQ(ptsname_r(master, name, sizeof(name)), 0);
    return name;
}

struct Pty {
    int master = -1;
    int slave = -1;
};

inline int open_slave(int master, int flags = O_RDWR) {
    return CHECK_SYS(open(slave_name(master).c_str(), flags | O_NOCTTY));
}

inline Pty open_pty() {
    const int master = open_master();
    return {master, open_slave(master)};
}

template <typename Change>
void change_termios(int fd, Change&& change) {
    termios settings = {};
    CHECK_SYS(tcgetattr(fd, &settings));
    change(settings);
    CHECK_SYS(tcsetattr(fd, TCSANOW, &settings));
}

inline void make_raw(int fd) {
    change_termios(fd, [](termios& settings) { cfmakeraw(&settings); });
}

// What poll(2) says at this moment.
inline int ready(int fd, int events) {
    pollfd poll_fd = {fd, static_cast<short>(events), 0};
    CHECK_SYS(poll(&poll_fd, 1, 0));
    return poll_fd.revents;
}

inline void type(int fd, std::string_view text) {
    CHECK_EQ(write(fd, text.data(), text.size()), text.size());
}

// One read(2); it must not have to wait long.
inline std::string read_some(int fd, size_t most = 8192) {
    wait_until([&] { return (ready(fd, POLLIN) & (POLLIN | POLLHUP)) != 0; });
    std::string text(most, '\0');
    text.resize(static_cast<size_t>(CHECK_SYS(read(fd, text.data(), text.size()))));
    return text;
}

// Exactly this many bytes, in as many reads as it takes.
inline std::string read_bytes(int fd, size_t size) {
    std::string text;
    while (text.size() < size) {
        text += read_some(fd, size - text.size());
    }
    return text;
}

inline void expect_nothing(int fd) {
    sleep_ms(20);
    CHECK_EQ(ready(fd, POLLIN) & POLLIN, 0);
}

inline int get(int fd, unsigned long request) {
    int value = -1;
    CHECK_SYS(ioctl(fd, request, &value));
    return value;
}

}  // namespace zdtm
