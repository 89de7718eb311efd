// One task while it is being dumped: what was read of it so far, and the record it becomes.
#pragma once

#include <memory>
#include <vector>

#include "dump/problems.h"
#include "parasite/session.h"
#include "proto/task.pb.h"
#include "sys/pagemap.h"
#include "sys/proc_maps.h"
#include "sys/proc_status.h"
#include "tracee/frozen_tree.h"
#include "tracee/thread_state.h"

namespace crtool::dump {

// Pages of one address space on their way into the image (pages.h).
struct PagePlan;
// Where the inside of a task writes what it is asked (inside.h).
struct InsideAnswers;

struct TaskProbe {
    explicit TaskProbe(const tracee::FrozenTask& task);
    ~TaskProbe();
    TaskProbe(TaskProbe&&) noexcept;

    const tracee::FrozenTask& frozen;
    image::Task record;
    std::vector<sys::TaskStatus> statuses;     // one a live thread, the leader's first
    std::vector<tracee::ThreadState> threads;  // likewise
    // Both empty when the address space is an earlier task's.
    std::vector<sys::Area> areas;
    std::vector<sys::PageRun> present;  // private pages that exist, and guards
    std::unique_ptr<PagePlan> pages;
    std::unique_ptr<InsideAnswers> answers;
    std::unique_ptr<parasite::Session> session;  // none for a zombie

    pid_t pid() const { return frozen.pid; }

    bool zombie() const { return frozen.zombie(); }
};

// Reads everything that the kernel shows of a stopped task from outside, and fills the part of the
// record that needs nothing else. What cannot be carried goes to `problems`.
void look(TaskProbe& task, pid_t root, Problems& problems);

}  // namespace crtool::dump
