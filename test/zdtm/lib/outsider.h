// A process outside of the tree of a test, for what has its other end there. It ends when the test
// has said its result, or after a while.
#pragma once

#include <fcntl.h>
#include <linux/kcmp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <vector>

#include "zdtm.h"

namespace zdtm {

class Outsider {
  public:
    // Whoever has lost its parent belongs to somebody outside of the tree.
    template <typename Body>
    explicit Outsider(Body&& body) {
        Shared* told = Shared::make();
        const pid_t middle = fork_child([&] {
            const pid_t pid = CHECK_SYS(fork());
            if (pid == 0) {
                CHECK_SYS(setsid());
                CHECK_SYS(prctl(PR_SET_NAME, "outsider"));  // the runner knows it by this
                told->slot[0] = getpid();
                body();
                _exit(0);
            }
        });
        expect_exit(middle);
        wait_until([&] { return told->slot[0] != 0; });
        pid = static_cast<pid_t>(told->slot[0].load());
        CHECK_SYS(munmap(told, sizeof(Shared)));
    }

    // It is to keep descriptor `fd`, which the runner takes for the next entry of `inherit`.
    void give(int fd) const {
        const int given = CHECK_SYS(open("given", O_WRONLY | O_CREAT | O_APPEND, 0644));
        CHECK(dprintf(given, "%d %d\n", pid, fd) > 0);
        CHECK_SYS(close(given));
    }

    // Whether the caller's descriptor is the very open file that it has under this number.
    bool shares(int fd, int its) const {
        return CHECK_SYS(syscall(SYS_kcmp, getpid(), pid, KCMP_FILE, fd, its)) == 0;
    }

    pid_t pid = 0;
};

// The text that "{name}" stands for in the test's options.
inline void tell(const char* name, const std::string& text) {
    const int fd = CHECK_SYS(open(name, O_WRONLY | O_CREAT | O_EXCL, 0644));
    CHECK_EQ(write(fd, text.data(), text.size()), text.size());
    CHECK_SYS(close(fd));
}

inline void tell_inode(const char* name, int fd) {
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    tell(name, std::to_string(st.st_ino));
}

// Until the test has said its result.
inline bool is_over(double end) {
    return now() > end || access(dir(), F_OK) != 0 || access(path("result").c_str(), F_OK) == 0;
}

// Keeps what it has open.
inline void hold() {
    const double end = now() + 1800;
    while (!is_over(end)) {
        sleep_ms(20);
    }
}

// Sends back what comes, on all descriptors; connections to listeners among them are accepted.
inline void echo_all(std::vector<int> fds) {
    const double end = now() + 120;
    while (!is_over(end)) {
        std::vector<pollfd> polls;
        for (const int fd : fds) {
            polls.push_back({fd, POLLIN, 0});
        }
        if (poll(polls.data(), polls.size(), 50) <= 0) {
            continue;
        }
        for (const pollfd& ready : polls) {
            if (ready.revents == 0) {
                continue;
            }
            const int accepted = accept(ready.fd, nullptr, nullptr);
            if (accepted >= 0) {
                fds.push_back(accepted);
                continue;
            }
            char text[256];
            sockaddr_storage from = {};
            socklen_t size = sizeof from;
            const ssize_t got = recvfrom(ready.fd, text, sizeof text, MSG_DONTWAIT,
                                         reinterpret_cast<sockaddr*>(&from), &size);
            if (got > 0) {
                sendto(ready.fd, text, static_cast<size_t>(got), MSG_NOSIGNAL,
                       size == 0 ? nullptr : reinterpret_cast<sockaddr*>(&from), size);
            } else if (got == 0) {
                std::erase(fds, ready.fd);
                close(ready.fd);
            }
        }
    }
}

}  // namespace zdtm
