// System V message queues (msgget(2), msgctl(2), msgrcv(2)), errors as exceptions.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sys/sysv_ipc.h"

namespace crtool::sys {

struct MsgQueue : IpcObject {
    uint64_t max_bytes = 0;
    uint64_t bytes = 0;
    uint64_t count = 0;
    pid_t last_sender = 0;
    pid_t last_receiver = 0;
    time_t sent_at = 0;
    time_t received_at = 0;

    bool operator==(const MsgQueue& other) const;  // nobody has used it in between
};

struct Message {
    long type = 0;
    std::string text;
};

// Ids of all queues of the IPC namespace.
std::vector<int> list_msg_queues();
// nullopt: there is none with this id, or it may not be looked at.
std::optional<MsgQueue> try_stat_msg(int id);
// The first message and those after it, which stay in the queue; of at most `count`, and fewer when
// somebody takes one meanwhile. ENOSYS: this kernel has no MSG_COPY.
std::vector<Message> copy_messages(int id, uint64_t count);
// A new queue with exactly this id, creator and key, room for `bytes`, and nobody's permission.
void make_msg(const MsgQueue& queue, uint64_t bytes);
// Owner, mode and room.
void set_msg_owner(const MsgQueue& queue);
// IPC_RMID.
void remove_msg(int id);

}  // namespace crtool::sys
