// POSIX message queues of the target of the fault tests: crtool can read messages only by taking
// them out, and find out about a notification only by causing it, so they are what it could lose.
#pragma once

#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
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
    MessageQueues() : queue_(make()), empty_(make()) {
        event_.sigev_notify = SIGEV_SIGNAL;
        event_.sigev_signo = kQueueSignal;
        if (!fill() || mq_notify(empty_, &event_) == -1) {
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
        return mq_notify(empty_, &event_) == -1 && errno == EBUSY && right;
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

    const std::vector<std::pair<std::string, unsigned>> messages_ = {
        {"urgent", 9}, {"first", 2}, {"second", 2}, {"last", 0}};
    sigevent event_{};
    mqd_t queue_;
    mqd_t empty_;
};

}  // namespace target
