// See sysv_msg.h.
#include "restore/sysv_msg.h"

#include <sys/msg.h>
#include <sys/syscall.h>

#include <cstring>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "restore/sysv_sem.h"
#include "sys/sysv_msg.h"

namespace crtool::restore {
namespace {

constexpr uint64_t kTypeBytes = sizeof(long);

sys::MsgQueue wanted(const image::SysvMsg& record) {
    sys::MsgQueue queue;
    static_cast<sys::IpcObject&>(queue) = wanted_object(record.object());
    queue.max_bytes = record.max_bytes();
    return queue;
}

int id_of(const image::SysvMsg& record) {
    return static_cast<int>(record.object().id());
}

bool was_received_from(const image::SysvMsg& record) {
    return record.last_receiver() != 0;
}

void emit_message(parasite::ScriptBuilder& script, int id, int64_t type, const std::string& text) {
    uint64_t message = script.arena().take(kTypeBytes + text.size());
    *script.arena().host<int64_t>(message) = type;
    std::memcpy(script.arena().host<char>(message + kTypeBytes), text.data(), text.size());
    script.call("send a message", SYS_msgsnd, {id, message, text.size(), IPC_NOWAIT});
}

}  // namespace

// A message counts for a byte at least (msgsnd(2)).
uint64_t room_for(const image::SysvMsg& record) {
    uint64_t bytes = 1;
    for (const image::SysvMsg::Message& message : record.messages())
        bytes += message.text().size() + 1;
    return bytes;
}

// Delegates, so that the destructor runs when something fails here.
MsgQueues::MsgQueues(const image::Image& image, const LiveTasks& tasks) : MsgQueues() {
    for (const image::SysvMsg& record : image.queues) {
        ErrorContext context("message queue", record.object().id());
        fault::point("make a message queue");
        if (auto found = sys::try_stat_msg(id_of(record))) {
            if (!is_same(wanted(record), *found))
                fail(Errc::system, "another queue has this id");
            continue;
        }
        make(record);
        if (record.messages_size() != 0 || was_received_from(record))
            senders_[tasks.or_root(record.last_sender())].push_back(&record);
        if (was_received_from(record))
            receivers_[tasks.or_root(record.last_receiver())].push_back(&record);
    }
}

void MsgQueues::make(const image::SysvMsg& record) {
    made_.reserve(made_.size() + 1);
    sys::make_msg(wanted(record), room_for(record));
    made_.push_back(&record);
}

MsgQueues::~MsgQueues() {
    for (const image::SysvMsg* record : made_) {
        try {
            sys::remove_msg(id_of(*record));
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
    }
}

void MsgQueues::emit_send(TaskBuild& build) const {
    auto found = senders_.find(build.task.pid());
    if (found == senders_.end())
        return;
    for (const image::SysvMsg* record : found->second) {
        build.script.about("message queue", id_of(*record));
        if (was_received_from(*record))
            emit_message(build.script, id_of(*record), 1, "");
        for (const image::SysvMsg::Message& message : record->messages())
            emit_message(build.script, id_of(*record), message.type(), message.text());
    }
}

void MsgQueues::emit_receive(TaskBuild& build) const {
    auto found = receivers_.find(build.task.pid());
    if (found == receivers_.end())
        return;
    for (const image::SysvMsg* record : found->second) {
        build.script.about("message queue", id_of(*record));
        build.script.call("receive a message", SYS_msgrcv,
                          {id_of(*record), build.script.arena().take(kTypeBytes), 0, 0, IPC_NOWAIT},
                          parasite::kZero);
    }
}

void MsgQueues::finish() const {
    for (const image::SysvMsg* record : made_)
        sys::set_msg_owner(wanted(*record));
}

}  // namespace crtool::restore
