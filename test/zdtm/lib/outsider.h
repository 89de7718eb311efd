// A process outside of the tree of a test, for what has its other end there. It ends when the test
// has said its result, or after two minutes.
#pragma once

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <vector>

#include "zdtm.h"

namespace zdtm {

class Outsider {
  public:
    // Whoever has lost its parent belongs to somebody outside of the tree.
    template <typename Body>
    explicit Outsider(Body&& body) {
        const pid_t middle = fork_child([&] {
            const pid_t pid = CHECK_SYS(fork());
            if (pid == 0) {
                CHECK_SYS(setsid());
                CHECK_SYS(prctl(PR_SET_NAME, "outsider"));  // the runner knows it by this
                body();
                _exit(0);
            }
        });
        expect_exit(middle);
    }
};

// Sends back what comes, on all descriptors; connections to listeners among them are accepted.
inline void echo_all(std::vector<int> fds) {
    const double end = now() + 120;
    while (now() < end && access(dir(), F_OK) == 0 && access(path("result").c_str(), F_OK) != 0) {
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
