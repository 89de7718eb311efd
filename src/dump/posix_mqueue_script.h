// The script that reads a POSIX message queue, in a task: see proto/posix_mqueue.proto.
#pragma once

#include <cstdint>
#include <vector>

#include "parasite/script_builder.h"
#include "proto/posix_mqueue.pb.h"

namespace crtool::dump {

struct MqueueQuestion {
    uint64_t messages = 0;
    uint64_t message_size = 0;  // the greatest
    int own_fd = -1;  // a descriptor of the task that is registered for notification; −1: none is
    int how = 0;      // SIGEV_NONE, SIGEV_SIGNAL or SIGEV_THREAD
    int signal = 0;
    std::vector<int> sockets;  // of SIGEV_THREAD: one of them is told, by these descriptors
};

// Where the answers will be: addresses in the arena, and operations.
struct MqueueAnswer {
    struct Message {
        uint64_t text = 0;
        uint64_t priority = 0;
        parasite::Ref received{};
        parasite::Ref sent{};
    };

    // A netlink socket that may be sent the cookie.
    struct Socket {
        int fd = -1;
        uint64_t cookie = 0;
        parasite::Ref received{};
        parasite::Ref registered{};
    };

    std::vector<Message> messages;
    std::vector<Socket> sockets;
    uint64_t siginfo = 0;  // of the notification; 0: none was caused
    parasite::Ref registered{};
};

// Room that it needs in the arena.
uint64_t mqueue_bytes(const MqueueQuestion& question);

// `fd`: a descriptor of the queue for both directions, that waits (no O_NONBLOCK); it is closed.
MqueueAnswer emit_mqueue_questions(const MqueueQuestion& question, parasite::Ref fd,
                                   parasite::ScriptBuilder& script);

// Fills messages, and value and signal of the notification. Throws when the queue could not be left
// as it was.
void record_mqueue_answers(const MqueueAnswer& answer, parasite::ScriptBuilder& script,
                           image::PosixMqueue& record);

}  // namespace crtool::dump
