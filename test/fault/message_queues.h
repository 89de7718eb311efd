// POSIX message queues of the target of the fault tests: crtool can read messages only by taking
// them out, and find out about a notification only by causing it, so they are what it could lose.
#pragma once

#include <fcntl.h>
#include <linux/netlink.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace target {

inline const int kQueueSignal = SIGRTMIN + 3;  // blocked

class MessageQueues {
  public:
    MessageQueues()
        : queue_(make()),
          empty_(make()),
          by_socket_(make()),
          netlink_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
        event_.sigev_notify = SIGEV_SIGNAL;
        event_.sigev_signo = kQueueSignal;
        if (!fill() || mq_notify(empty_, &event_) == -1 || !ask_by_socket()) {
            perror("message queues");
            _exit(1);
        }
    }

    // Takes all messages and sends them again; and asks whether the notification is still awaited.
    bool are_as_left() const {
        bool right = true;
        for (const auto& [text, priority] : messages_) {
            char got[8];
            unsigned its = 0;
            const ssize_t size = mq_receive(queue_, got, sizeof(got), &its);
            right = size == static_cast<ssize_t>(text.size()) && its == priority &&
                    text.compare(0, text.size(), got, text.size()) == 0 && right;
        }
        sigset_t pending;
        sigpending(&pending);
        right = fill() && sigismember(&pending, kQueueSignal) == 0 && right;
        right = mq_notify(empty_, &event_) == -1 && errno == EBUSY && right;
        return is_told_by_socket() && ask_by_socket() && right;
    }

  private:
    static mqd_t make() {
        mq_attr attributes{};
        attributes.mq_maxmsg = 4;
        attributes.mq_msgsize = 8;
        const std::string name = "/crtool-target-" + std::to_string(getpid());
        const mqd_t queue =
            mq_open(name.c_str(), O_RDWR | O_NONBLOCK | O_CREAT | O_EXCL, 0600, &attributes);
        if (queue == -1 || mq_unlink(name.c_str()) == -1) {
            perror("mq_open");
            _exit(1);
        }
        return queue;
    }

    bool fill() const {
        bool right = true;
        for (const auto& [text, priority] : messages_) {
            right = mq_send(queue_, text.data(), text.size(), priority) == 0 && right;
        }
        return right;
    }

    // As the C library does it for SIGEV_THREAD.
    bool ask_by_socket() const {
        std::string cookie = kCookie;
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD;
        event.sigev_signo = netlink_;
        event.sigev_value.sival_ptr = cookie.data();
        return syscall(SYS_mq_notify, by_socket_, &event) == 0;
    }

    bool is_told_by_socket() const {
        char text[64];
        bool right = recv(netlink_, text, sizeof(text), MSG_DONTWAIT) == -1 && errno == EAGAIN;
        right = mq_send(by_socket_, "", 0, 0) == 0 && right;
        right = recv(netlink_, text, sizeof(text), MSG_DONTWAIT) == 32 && right;
        right = kCookie.compare(0, 31, text, 31) == 0 && right;
        return mq_receive(by_socket_, text, sizeof(text), nullptr) == 0 && right;
    }

    static inline const std::string kCookie = "the kernel changes the last byte";

    const std::vector<std::pair<std::string, unsigned>> messages_ = {
        {"urgent", 9}, {"first", 2}, {"second", 2}, {"last", 0}};
    sigevent event_{};
    mqd_t queue_;
    mqd_t empty_;
    mqd_t by_socket_;
    int netlink_;
};

}  // namespace target
