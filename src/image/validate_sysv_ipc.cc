// Checks of validate() about IPC namespaces, System V semaphore sets and message queues: what
// semctl(2), semop(2) and msgsnd(2) would not take.
#include <cstdlib>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "image/validate_internal.h"
#include "sys/ipc_settings.h"

namespace crtool::image::checks {
namespace {

constexpr uint32_t kMaxValue = 32767;  // SEMVMX
constexpr int kMaxSemaphores = 32000;  // SEMMSL cannot be set higher
constexpr uint64_t kMaxBytes = INT32_MAX;

// `ids`: of the objects of this kind so far.
void check_object(const IpcObject& object, std::unordered_set<uint32_t>& ids) {
    check_known(object);
    if (object.id() > INT32_MAX || object.mode() > 0777)
        refuse("its id is {}, its mode {:#o}", object.id(), object.mode());
    if (!ids.insert(object.id()).second)
        refuse("another one has its id");
    for (uint32_t id : {object.uid(), object.gid(), object.creator_uid(), object.creator_gid()})
        check_id(id, "an owner of it");
}

void check_pid(uint32_t pid) {
    if (pid >= kMaxPid)
        refuse("its last user {} is no pid", pid);
}

void check_undo(const Index& index, const SysvSem& set, const SemUndo& undo) {
    check_known(undo);
    const Task* task = index.task(undo.pid());
    if (task == nullptr || task->state() == Task::ZOMBIE)
        refuse("task {}, which would undo something, is not in the image", undo.pid());
    if (undo.number() >= static_cast<uint32_t>(set.values_size()))
        refuse("it has no semaphore {} to undo", undo.number());
    if (undo.adjustment() == 0 || std::abs(undo.adjustment()) > static_cast<int>(kMaxValue))
        refuse("it cannot be undone by {}", undo.adjustment());
}

void check_set(const Index& index, const SysvSem& set) {
    check_known(set);
    if (set.values_size() == 0 || set.values_size() > kMaxSemaphores ||
        set.values_size() != set.last_pids_size())
        refuse("it has {} values, and {} pids", set.values_size(), set.last_pids_size());
    for (uint32_t value : set.values())
        if (value > kMaxValue)
            refuse("a value is {}", value);
    for (uint32_t pid : set.last_pids())
        check_pid(pid);
    for (const SemUndo& undo : set.undos())
        check_undo(index, set, undo);
}

void check_queue(const SysvMsg& queue) {
    check_known(queue);
    check_pid(queue.last_sender());
    check_pid(queue.last_receiver());
    uint64_t bytes = 0;
    for (const SysvMsg::Message& message : queue.messages()) {
        check_known(message);
        if (message.type() <= 0)
            refuse("a message is of type {}", message.type());
        bytes += message.text().size();
    }
    if (queue.max_bytes() > kMaxBytes || bytes > kMaxBytes)
        refuse("it has room for {} bytes, and {} in it", queue.max_bytes(), bytes);
}

void check_ipc_namespaces(const Index& index) {
    const std::vector<IpcNamespace>& all = index.image().ipc_namespaces;
    if (all.size() > 1)
        refuse("it has {} IPC namespaces", all.size());
    for (const IpcNamespace& one : all) {
        check_known(one);
        std::unordered_set<std::string_view> names;
        for (const IpcNamespace::Setting& setting : one.settings()) {
            check_known(setting);
            const sys::IpcSetting* known = sys::find_ipc_setting(setting.name());
            if (known == nullptr || !names.insert(known->name).second)
                refuse("a setting of the IPC namespace is unknown, or there twice");
            if (!std::cmp_equal(setting.values_size(), known->values))
                refuse("{} has {} values", known->name, setting.values_size());
        }
    }
}

}  // namespace

void check_sysv_ipc(const Index& index) {
    check_ipc_namespaces(index);
    std::unordered_set<uint32_t> sets;
    for (const SysvSem& set : index.image().semaphores) {
        ErrorContext context("semaphore set", set.object().id());
        check_object(set.object(), sets);
        check_set(index, set);
    }
    std::unordered_set<uint32_t> queues;
    for (const SysvMsg& queue : index.image().queues) {
        ErrorContext context("message queue", queue.object().id());
        check_object(queue.object(), queues);
        check_queue(queue);
    }
}

}  // namespace crtool::image::checks
