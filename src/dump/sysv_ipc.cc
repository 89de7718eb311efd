// See sysv_ipc.h.
#include "dump/sysv_ipc.h"

#include <fmt/format.h>
#include <sys/syscall.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/fault.h"
#include "sys/sysv_msg.h"

namespace crtool::dump {
namespace {

constexpr int kTries = 100;

image::IpcObject record_of(const sys::IpcObject& object) {
    image::IpcObject record;
    record.set_id(static_cast<uint32_t>(object.id));
    record.set_key(object.key);
    record.set_mode(object.mode);
    record.set_uid(object.uid);
    record.set_gid(object.gid);
    record.set_creator_uid(object.creator_uid);
    record.set_creator_gid(object.creator_gid);
    return record;
}

// Ids that threads of the tree wait for in one of these calls, whose first argument it is.
std::set<int> awaited(std::span<const TaskProbe> tasks, std::initializer_list<long> calls) {
    std::set<int> ids;
    for (const TaskProbe& task : tasks)
        for (const tracee::ThreadState& thread : task.threads)
            if (std::ranges::find(calls, static_cast<long>(thread.registers.orig_rax)) !=
                calls.end())
                ids.insert(static_cast<int>(thread.registers.rdi));
    return ids;
}

std::string queue_text(int id) {
    return fmt::format("message queue {}", id);
}

// nullopt: somebody outside of the tree never leaves it alone. `queue` is as it was then.
std::optional<std::vector<sys::Message>> read_messages(sys::MsgQueue& queue) {
    for (int i = 0; i < kTries; i++) {
        std::vector<sys::Message> messages = sys::copy_messages(queue.id, queue.count);
        auto after = sys::try_stat_msg(queue.id);
        if (after && *after == queue && messages.size() == queue.count)
            return messages;
        if (!after)
            return std::nullopt;
        queue = *after;
    }
    return std::nullopt;
}

}  // namespace

void SysvIpc::look(std::span<const TaskProbe> tasks, bool all, Problems& problems) {
    all_ = all;
    for (const TaskProbe& task : tasks)
        pids_.insert(task.pid());
    look_at_sets(tasks);
    look_at_queues(tasks, problems);
}

void SysvIpc::look_at_sets(std::span<const TaskProbe> tasks) {
    fault::point("look at semaphores");
    for (int id : sys::list_sem_sets())
        if (auto set = sys::try_read_sem(id))
            sets_.emplace(id, std::move(*set));
    if (sets_.empty())
        return;
    undo_.look(sets_, tasks);
    std::set<int> waited = awaited(tasks, {SYS_semop, SYS_semtimedop});
    for (const auto& [id, set] : sets_)
        if (all_ || waited.contains(id) ||
            std::ranges::any_of(set.last_pids, [&](pid_t pid) { return pids_.contains(pid); }))
            used_.insert(id);
}

void SysvIpc::look_at_queues(std::span<const TaskProbe> tasks, Problems& problems) {
    fault::point("look at message queues");
    std::vector<int> ids = sys::list_msg_queues();
    if (ids.empty())
        return;
    std::set<int> waited = awaited(tasks, {SYS_msgsnd, SYS_msgrcv});
    for (int id : ids) {
        auto queue = sys::try_stat_msg(id);
        if (!queue || (!all_ && !waited.contains(id) && !pids_.contains(queue->last_sender) &&
                       !pids_.contains(queue->last_receiver)))
            continue;
        auto messages = read_messages(*queue);
        if (!messages) {
            problems.add(tasks.front().pid(), queue_text(id),
                         "is used by others all the time, and cannot be copied",
                         "stop those that use it");
            continue;
        }
        image::SysvMsg& record = queues_.emplace_back();
        *record.mutable_object() = record_of(*queue);
        record.set_max_bytes(queue->max_bytes);
        record.set_last_sender(static_cast<uint32_t>(queue->last_sender));
        record.set_last_receiver(static_cast<uint32_t>(queue->last_receiver));
        for (sys::Message& message : *messages) {
            image::SysvMsg::Message& out = *record.add_messages();
            out.set_type(message.type);
            out.set_text(std::move(message.text));
        }
    }
}

void SysvIpc::save(image::Writer& writer) {
    std::map<int, std::vector<image::SemUndo>> undos;
    for (const SemUndo::Found& found : undo_.found()) {
        used_.insert(found.set);
        image::SemUndo& record = undos[found.set].emplace_back();
        record.set_pid(static_cast<uint32_t>(found.task));
        record.set_number(found.number);
        record.set_adjustment(found.adjustment);
    }
    for (int id : used_) {
        const sys::SemSet& set = sets_.at(id);
        image::FileRecord record;
        image::SysvSem& out = *record.mutable_sysv_sem();
        *out.mutable_object() = record_of(set);
        out.mutable_values()->Add(set.values.begin(), set.values.end());
        for (pid_t pid : set.last_pids)
            out.add_last_pids(static_cast<uint32_t>(pid));
        out.mutable_undos()->Add(undos[id].begin(), undos[id].end());
        writer.add(record);
    }
    for (image::SysvMsg& queue : queues_) {
        image::FileRecord record;
        *record.mutable_sysv_msg() = std::move(queue);
        writer.add(record);
    }
}

}  // namespace crtool::dump
