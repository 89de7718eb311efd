// See sysv_sem.h.
#include "restore/sysv_sem.h"

#include <sys/sem.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "sys/sysv_sem.h"

namespace crtool::restore {
namespace {

constexpr uint32_t kGreatest = 32767;  // SEMVMX

sys::SemSet wanted(const image::SysvSem& record) {
    sys::SemSet set;
    static_cast<sys::IpcObject&>(set) = wanted_object(record.object());
    set.values.assign(record.values().begin(), record.values().end());
    return set;
}

sys::SemSet read_sem(int id) {
    auto set = sys::try_read_sem(id);
    if (!set)
        fail(Errc::gone, "semaphore set {} has been removed", id);
    return *set;
}

sembuf operation(unsigned number, int amount, int flags) {
    return {static_cast<unsigned short>(number), static_cast<short>(amount),
            static_cast<short>(IPC_NOWAIT | flags)};
}

void emit_semop(parasite::ScriptBuilder& script, const char* what, int set,
                const std::vector<sembuf>& operations) {
    script.about("semaphore set", set);
    uint64_t address = script.arena().put_array(std::span<const sembuf>(operations));
    script.call(what, SYS_semop, {set, address, operations.size()});
}

}  // namespace

sys::IpcObject wanted_object(const image::IpcObject& record) {
    return {.id = static_cast<int>(record.id()),
            .key = record.key(),
            .mode = record.mode(),
            .uid = record.uid(),
            .gid = record.gid(),
            .creator_uid = record.creator_uid(),
            .creator_gid = record.creator_gid()};
}

bool is_same(const sys::IpcObject& want, const sys::IpcObject& found) {
    return found.key == want.key && found.creator_uid == want.creator_uid &&
           found.creator_gid == want.creator_gid;
}

// Delegates, so that the destructor runs when something fails here.
SemSets::SemSets(const image::Image& image, const LiveTasks& tasks) : SemSets() {
    for (const image::SysvSem& record : image.semaphores) {
        ErrorContext context("semaphore set", record.object().id());
        fault::point("make a semaphore set");
        if (sys::try_read_sem(static_cast<int>(record.object().id())))
            find(record, tasks);
        else
            make(record, tasks);
        fault::point("find its users");
        plan_last(record, tasks);
    }
}

void SemSets::make(const image::SysvSem& record, const LiveTasks& tasks) {
    made_.reserve(made_.size() + 1);
    sys::make_sem(wanted(record));
    made_.push_back(&record);
    auto count = static_cast<size_t>(record.values_size());
    plan_values(record, tasks, std::vector<int>(count, 0), std::vector<bool>(count, false));
}

void SemSets::find(const image::SysvSem& record, const LiveTasks& tasks) {
    sys::SemSet want = wanted(record);
    sys::SemSet found = read_sem(want.id);
    if (!is_same(want, found) || found.values.size() != want.values.size())
        fail(Errc::system, "another set has this id");
    std::vector<int> shifts;
    std::vector<bool> taken;
    for (size_t i = 0; i < want.values.size(); i++) {
        taken.push_back(!tasks.in_tree(found.last_pids[i]));
        shifts.push_back(taken[i] ? 0 : want.values[i] - found.values[i]);
    }
    plan_values(record, tasks, shifts, taken);
}

// A value is set in the same operation as the first adjustment of it: should the restore fail, the
// semaphore is as if the tree had just ended.
void SemSets::plan_values(const image::SysvSem& record, const LiveTasks& tasks,
                          const std::vector<int>& shifts, const std::vector<bool>& taken) {
    int id = static_cast<int>(record.object().id());
    std::vector<int> left = shifts;
    for (const image::SemUndo& undo : record.undos())
        steps_[undo.pid()].push_back({id, undo.number(), std::exchange(left[undo.number()], 0),
                                      undo.adjustment(), taken[undo.number()]});
    for (size_t i = 0; i < left.size(); i++)
        if (left[i] != 0)
            steps_[tasks.or_root(record.last_pids(static_cast<int>(i)))].push_back(
                {id, static_cast<unsigned>(i), left[i], 0, false});
}

// What crtool has set, or nobody yet, becomes a task's, for the next dump to see.
void SemSets::plan_last(const image::SysvSem& record, const LiveTasks& tasks) {
    int id = static_cast<int>(record.object().id());
    sys::SemSet now = read_sem(id);
    for (int i = 0; i < record.values_size(); i++) {
        auto number = static_cast<unsigned>(i);
        uint32_t pid = record.last_pids(i);
        Semaphore semaphore{id, number, record.values(i) == kGreatest};
        if (now.last_pids[number] == ::getpid())
            last_[tasks.or_root(pid)].push_back(semaphore);
        else if ((now.last_pids[number] == 0 || tasks.in_tree(now.last_pids[number])) &&
                 tasks.has(pid))
            last_[pid].push_back(semaphore);
    }
}

SemSets::~SemSets() {
    for (const image::SysvSem* record : made_) {
        try {
            sys::remove_sem(static_cast<int>(record->object().id()));
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
    }
}

// Up before down: an adjustment is a number that a value has room for (proto/sysv_sem.proto).
void SemSets::emit_values(TaskBuild& build) const {
    auto found = steps_.find(build.task.pid());
    if (found == steps_.end())
        return;
    for (const Step& step : found->second) {
        sembuf undone = operation(step.number, -step.adjustment, SEM_UNDO);
        sembuf balance = operation(step.number, step.adjustment, 0);
        std::vector<sembuf> operations;
        if (step.shift != 0)
            operations.push_back(operation(step.number, step.shift, 0));
        if (step.take)
            operations.push_back(undone);
        else if (step.adjustment > 0)
            operations.insert(operations.end(), {balance, undone});
        else if (step.adjustment < 0)
            operations.insert(operations.end(), {undone, balance});
        emit_semop(build.script,
                   step.take ? "take again what it had taken, which somebody else has now"
                             : "set its value and what it would undo",
                   step.set, operations);
    }
}

void SemSets::emit_last_operation(TaskBuild& build) const {
    auto found = last_.find(build.task.pid());
    if (found == last_.end())
        return;
    for (const Semaphore& semaphore : found->second) {
        sembuf up = operation(semaphore.number, 1, 0);
        sembuf down = operation(semaphore.number, -1, 0);
        if (semaphore.full)
            emit_semop(build.script, "use a semaphore", semaphore.set, {down, up});
        else
            emit_semop(build.script, "use a semaphore", semaphore.set, {up, down});
    }
}

void SemSets::finish() const {
    for (const image::SysvSem* record : made_)
        sys::set_sem_owner(wanted(*record));
}

}  // namespace crtool::restore
