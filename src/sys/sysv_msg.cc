// See sysv_msg.h.
#include "sys/sysv_msg.h"

#include <errno.h>
#include <sys/msg.h>

#include <cstring>
#include <tuple>

#include "base/error.h"

namespace crtool::sys {
namespace {

// Of the kernel's struct msgbuf.
constexpr size_t kTypeBytes = sizeof(long);

void set_room(int id, uint64_t bytes) {
    msqid_ds info{};
    if (::msgctl(id, IPC_STAT, &info) != 0)
        fail_errno(errno, "cannot look at message queue {}", id);
    if (info.msg_qbytes >= bytes)
        return;
    info.msg_qbytes = bytes;
    if (::msgctl(id, IPC_SET, &info) != 0)
        fail_errno(errno, "cannot make room for {} bytes in message queue {}", bytes, id);
}

}  // namespace

bool MsgQueue::operator==(const MsgQueue& other) const {
    auto all = [](const MsgQueue& q) {
        return std::tie(q.bytes, q.count, q.last_sender, q.last_receiver, q.sent_at, q.received_at);
    };
    return all(*this) == all(other);
}

std::vector<int> list_msg_queues() {
    msginfo used{};
    int last = ::msgctl(0, MSG_INFO, reinterpret_cast<msqid_ds*>(&used));
    if (used.msgpool == 0)
        return {};
    return list_ipc(last, [](int index) {
        msqid_ds info{};
        return ::msgctl(index, MSG_STAT, &info);
    });
}

std::optional<MsgQueue> try_stat_msg(int id) {
    msqid_ds info{};
    if (::msgctl(id, IPC_STAT, &info) != 0)
        return std::nullopt;
    MsgQueue queue;
    static_cast<IpcObject&>(queue) = ipc_object(id, info.msg_perm);
    queue.max_bytes = info.msg_qbytes;
    queue.bytes = info.__msg_cbytes;
    queue.count = info.msg_qnum;
    queue.last_sender = info.msg_lspid;
    queue.last_receiver = info.msg_lrpid;
    queue.sent_at = info.msg_stime;
    queue.received_at = info.msg_rtime;
    return queue;
}

std::vector<Message> copy_messages(int id, uint64_t count) {
    msginfo limits{};
    if (::msgctl(0, IPC_INFO, reinterpret_cast<msqid_ds*>(&limits)) < 0)
        fail_errno(errno, "cannot ask for the limits of message queues");
    // The kernel makes room for a message of the greatest size that it takes, and for no greater.
    std::vector<char> buffer(kTypeBytes + static_cast<size_t>(limits.msgmax));
    std::vector<Message> messages;
    while (messages.size() < count) {
        ssize_t size = ::msgrcv(id, buffer.data(), buffer.size() - kTypeBytes,
                                static_cast<long>(messages.size()), IPC_NOWAIT | MSG_COPY);
        if (size < 0 && errno == ENOMSG)
            break;
        if (size < 0)
            fail_errno(errno, "cannot copy message {} of queue {}", messages.size(), id);
        Message& message = messages.emplace_back();
        std::memcpy(&message.type, buffer.data(), kTypeBytes);
        message.text.assign(buffer.data() + kTypeBytes, static_cast<size_t>(size));
    }
    return messages;
}

void make_msg(const MsgQueue& queue, uint64_t bytes) {
    make_ipc(queue, 0,
             {.what = "message queue",
              .next_id = "/proc/sys/kernel/msg_next_id",
              .get = [](key_t key, int flags) { return ::msgget(key, flags); },
              .remove = remove_msg});
    try {
        set_room(queue.id, bytes);
    } catch (const Error&) {
        remove_msg(queue.id);
        throw;
    }
}

void set_msg_owner(const MsgQueue& queue) {
    msqid_ds info{};
    fill_permissions(queue, info.msg_perm);
    info.msg_qbytes = queue.max_bytes;
    if (::msgctl(queue.id, IPC_SET, &info) != 0)
        fail_errno(errno, "cannot set owner and room of message queue {}", queue.id);
}

void remove_msg(int id) {
    if (::msgctl(id, IPC_RMID, nullptr) != 0)
        fail_errno(errno, "cannot remove message queue {}", id);
}

}  // namespace crtool::sys
