// System V semaphore sets in a restore: see proto/sysv_sem.proto.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "restore/context.h"
#include "restore/live_tasks.h"
#include "sys/sysv_ipc.h"

namespace crtool::restore {

// Of a record, but for what only one kind has.
sys::IpcObject wanted_object(const image::IpcObject& record);
// An object that was left behind and has not been replaced by another one.
bool is_same(const sys::IpcObject& want, const sys::IpcObject& found);

// The sets of the image, made or found again; those that were made are removed unless the restore
// succeeds. Of the others only tasks change something, and the kernel undoes it when they end.
class SemSets {
  public:
    SemSets(const image::Image& image, const LiveTasks& tasks);
    ~SemSets();
    SemSets(const SemSets&) = delete;
    SemSets& operator=(const SemSets&) = delete;

    // Values, and what the task would undo at its end.
    void emit_values(TaskBuild& build) const;
    // For GETPID.
    void emit_last_operation(TaskBuild& build) const;
    // Those that were made get their owners and modes.
    void finish() const;

    void keep() { made_.clear(); }

  private:
    struct Step {
        int set;
        unsigned number;
        int shift;  // of the value, from what it is to what it was
        int adjustment;
        bool take;  // from a value that is somebody else's
    };

    struct Semaphore {
        int set;
        unsigned number;
        bool full;  // has the greatest value
    };

    SemSets() = default;
    void make(const image::SysvSem& record, const LiveTasks& tasks);
    void find(const image::SysvSem& record, const LiveTasks& tasks);
    void plan_values(const image::SysvSem& record, const LiveTasks& tasks,
                     const std::vector<int>& shifts, const std::vector<bool>& taken);
    void plan_last(const image::SysvSem& record, const LiveTasks& tasks);

    std::vector<const image::SysvSem*> made_;
    std::unordered_map<uint32_t, std::vector<Step>> steps_;      // by pid
    std::unordered_map<uint32_t, std::vector<Semaphore>> last_;  // by pid
};

}  // namespace crtool::restore
