// A tree of tasks, stopped by ptrace.
//
// freeze() seizes and stops every thread of the root and of all its descendants, from the root
// down: a stopped task makes no more children, so a level is complete when the level above stands.
// A task that was stopped by job control or is held by a cgroup freezer stays so. While a
// FrozenTree lives the calling thread is the tracer; its destructor lets everybody go as they were.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <unordered_set>
#include <vector>

#include "sys/cgroup_freezer.h"
#include "sys/proc_dir.h"
#include "sys/proc_stat.h"
#include "tracee/ptrace.h"

namespace crtool::tracee {

struct FrozenThread {
    pid_t tid = 0;
    bool stopped_by_job_control = false;
    int stop_signal = 0;  // of job control
};

struct FrozenTask {
    pid_t pid = 0;
    sys::ProcDir proc;                  // of a live thread when the leader has exited
    sys::TaskStat stat;                 // read when stopped
    std::vector<FrozenThread> threads;  // live ones, ascending; none: a zombie

    // It has ended and left no zombie: its parent ignores SIGCHLD. Never so in tasks().
    bool gone = false;

    bool zombie() const { return threads.empty(); }

    // The leader has exited, other threads live on.
    bool leader_exited() const { return !threads.empty() && threads.front().tid != pid; }
};

class FrozenTree {
  public:
    // Throws unsupported when a task is traced by somebody else, system (ETIMEDOUT) naming the task
    // when one does not stop in time (uninterruptible sleep), cancelled on request; then everything
    // runs again.
    // A freezer that holds the tree lets it go into its stops, and holds it again when the tree is
    // thawed. `freezer`: freeze this cgroup first, and thaw it at the end unless it was frozen.
    FrozenTree(pid_t root, std::chrono::milliseconds timeout, const std::atomic<bool>& cancelled,
               std::optional<sys::CgroupFreezer> freezer = std::nullopt);
    ~FrozenTree();
    FrozenTree(const FrozenTree&) = delete;
    FrozenTree& operator=(const FrozenTree&) = delete;

    // Parents before children, the root first.
    const std::vector<FrozenTask>& tasks() const { return tasks_; }

    // Lets everybody go. All threads must stand in a ptrace stop with their own registers.
    void thaw();
    // Lets everybody go into a stop: SIGSTOP for those that were not stopped already.
    void thaw_stopped();
    // SIGKILLs all tasks and waits until they are dead.
    void kill();

  private:
    void seize_frozen(pid_t root);
    void refreeze() noexcept;
    void add_task(sys::ProcDir proc);
    void seize_threads(FrozenTask& task);
    void settle(FrozenTask& task);
    bool add_children(size_t index);
    void detach_all() noexcept;

    std::chrono::steady_clock::time_point deadline_;
    const std::atomic<bool>& cancelled_;
    std::vector<FrozenTask> tasks_;
    std::unordered_set<pid_t> known_task_;
    std::unordered_set<pid_t> known_;      // threads that are seized
    std::unordered_set<pid_t> unsettled_;  // seized, not yet seen to stop
    std::optional<sys::CgroupFreezer> freezer_;
    bool frozen_before_ = false;  // by the freezer; so it shall be again
    bool released_ = false;
};

}  // namespace crtool::tracee
