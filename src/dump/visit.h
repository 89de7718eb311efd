// Everything that happens inside the tasks: one session each, all at work at once.
#pragma once

#include <atomic>
#include <vector>

#include "dump/eventfd_set.h"
#include "dump/inside.h"
#include "dump/posix_mqueue_set.h"
#include "dump/problems.h"
#include "dump/seccomp.h"
#include "dump/sem_undo.h"
#include "dump/task_probe.h"
#include "image/page_store.h"

namespace crtool::dump {

// The stay of crtool's code in all tasks of the tree. The destructor takes it out of every task.
class Visit {
  public:
    // Prepares sessions for all live tasks; areas and pages have been looked at. All
    // references must outlive the visit. `queue_room`: kept for message queues that are found
    // later.
    Visit(std::vector<TaskProbe>& tasks, const SeccompTable& filters, SemUndo& undo,
          PosixMqueueSet& mqueues, EventfdSet& eventfds, uint64_t queue_room,
          parasite::Steps& steps);
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    void enter();
    // Handlers, timers, thread state, semaphores, eventfds; and which pages are zero. From here on
    // all threads are at rest in crtool's code, also for a moment when crtool dies: until its
    // descriptors go.
    void ask(Problems& problems);
    // What is in message queues. Throws busy when there are more than there is room for;
    // `queue_room` is then what the next visit needs.
    void ask_queues(uint64_t& queue_room, Problems& problems);
    // All page contents, into the writer.
    void write_pages(image::PageWriter& writer, const std::atomic<bool>& cancelled);
    // Out again; all threads stand with their own registers.
    void leave();
    // The tree has been killed: there is nothing to leave.
    void forget();

  private:
    static void start_writing(TaskProbe& task, image::PageWriter& writer);
    void finish_writing(image::PageWriter& writer, const std::atomic<bool>& cancelled);

    std::vector<TaskProbe>& tasks_;
    SemUndo& undo_;
    PosixMqueueSet& mqueues_;
    EventfdSet& eventfds_;
    Children children_;
    uint64_t queue_room_;
    std::vector<parasite::Session*> sessions_;
};

}  // namespace crtool::dump
