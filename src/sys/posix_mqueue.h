// POSIX message queues (mq_open(2) and the like), errors as exceptions. Names are without the
// slash.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sys/fd.h"

namespace crtool::sys {

// Whether `fd`, of which `st` is told, is an open file of a queue.
bool is_mqueue(int fd, const struct stat& st);

// nullopt: there is no queue of that name.
std::optional<UniqueFd> try_open_mqueue(const std::string& name, int flags);

struct MqueueRoom {
    uint64_t max_messages = 0;
    uint64_t message_size = 0;

    bool operator==(const MqueueRoom&) const = default;
};

struct MqueueState {
    MqueueRoom room;
    uint64_t messages = 0;
};

MqueueState mqueue_state(int fd);

// Who is to be told of the next message; pid 0: nobody.
struct MqueueNotify {
    pid_t pid = 0;
    int how = 0;     // SIGEV_*
    int signal = 0;  // of SIGEV_SIGNAL
};

// "QSIZE:129        NOTIFY:0     SIGNO:10    NOTIFY_PID:8260  ". Throws internal.
MqueueNotify parse_mqueue_status(std::string_view text);
// Reads it; counts as an access to the queue.
MqueueNotify mqueue_notify(int fd);

// A new queue, open for both directions, with nobody's permission; nullopt: the name is taken.
std::optional<UniqueFd> try_make_mqueue(const std::string& name, const MqueueRoom& room);
// The bytes that a registration by SIGEV_THREAD has the kernel send to its netlink socket.
inline constexpr size_t kCookieBytes = 32;  // NOTIFY_COOKIE_LEN of linux/mqueue.h
// What such a registration takes of the memory of the socket (SO_MEMINFO).
uint32_t cookie_memory();
// Has the kernel send one to `socket`, as for a message that has come.
void send_cookie(int socket, std::string_view cookie);
void remove_mqueue(const std::string& name);
// Never waits: no room is an error.
void send_message(int fd, std::string_view text, unsigned priority);
// futimens(3): of the last access and of the last change.
void set_times(int fd, const timespec& access, const timespec& change);

}  // namespace crtool::sys
