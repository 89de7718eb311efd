// POSIX message queues for tests: short calls that check.
#pragma once

#include <fcntl.h>
#include <mqueue.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "zdtm.h"

namespace zdtm {

inline std::string queue_name(int number) {
    return "/crtool-test-" + std::to_string(getpid()) + "-" + std::to_string(number);
}

inline mqd_t make_queue(const std::string& name, long messages, long size, int flags = O_RDWR) {
    mq_attr attributes{};
    attributes.mq_maxmsg = messages;
    attributes.mq_msgsize = size;
    return CHECK_SYS(mq_open(name.c_str(), flags | O_CREAT | O_EXCL, 0600, &attributes));
}

// One that has lost its name.
inline mqd_t make_unlinked_queue(int number, long messages, long size, int flags = O_RDWR) {
    const mqd_t queue = make_queue(queue_name(number), messages, size, flags);
    CHECK_SYS(mq_unlink(queue_name(number).c_str()));
    return queue;
}

inline mq_attr queue_attributes(mqd_t queue) {
    mq_attr attributes{};
    CHECK_SYS(mq_getattr(queue, &attributes));
    return attributes;
}

// "PRIORITY:TEXT"; never waits.
inline std::string take(mqd_t queue) {
    char text[8192];
    unsigned priority = 0;
    const timespec at_once{};
    const ssize_t size = CHECK_SYS(mq_timedreceive(queue, text, sizeof(text), &priority, &at_once));
    return std::to_string(priority) + ":" + std::string(text, static_cast<size_t>(size));
}

inline void put(mqd_t queue, unsigned priority, const std::string& text) {
    const timespec at_once{};
    CHECK_SYS(mq_timedsend(queue, text.data(), text.size(), priority, &at_once));
}

// "QSIZE:… NOTIFY:… SIGNO:… NOTIFY_PID:…", from the start.
inline std::string queue_status(mqd_t queue) {
    char text[100];
    const ssize_t size = CHECK_SYS(pread(queue, text, sizeof(text), 0));
    return {text, static_cast<size_t>(size)};
}

// For a TOML with after_dump = ["sh", "forget"]: it goes after every dump, as if the machine had
// been started anew.
inline void forget_queue(const std::string& name) {
    std::ofstream(path("forget"), std::ios::app)
        << "python3 -c 'import ctypes; ctypes.CDLL(None).mq_unlink(b\"" << name << "\")'\n";
}

// For a TOML with after_dump = ["sh", "post"]: this message comes after every dump.
inline void post_to_queue(const std::string& name, const std::string& text) {
    std::ofstream(path("post"), std::ios::app)
        << "python3 -c 'import ctypes; c = ctypes.CDLL(None); c.mq_send(c.mq_open(b\"" << name
        << "\", 1), b\"" << text << "\", " << text.size() << ", 0)'\n";
}

}  // namespace zdtm
