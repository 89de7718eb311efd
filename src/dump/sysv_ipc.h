// Which System V semaphore sets and message queues are the tree's, and their records: see
// proto/sysv_ipc.proto.
#pragma once

#include <map>
#include <set>
#include <span>
#include <vector>

#include "dump/problems.h"
#include "dump/sem_undo.h"
#include "dump/task_probe.h"
#include "image/writer.h"
#include "proto/sysv_ipc.pb.h"
#include "proto/sysv_msg.pb.h"
#include "proto/sysv_sem.pb.h"
#include "sys/sysv_sem.h"

namespace crtool::dump {

class SysvIpc {
  public:
    // The tree is frozen, and its threads are known. Queues are copied here. `all`: the namespace
    // is the tree's own, with whatever is in it.
    void look(std::span<const TaskProbe> tasks, bool all, Problems& problems);

    // Questions about what tasks would undo; part of the visit.
    SemUndo& undo() { return undo_; }

    // Everything has been asked.
    void save(image::Writer& writer);

  private:
    void look_at_sets(std::span<const TaskProbe> tasks);
    void look_at_queues(std::span<const TaskProbe> tasks, Problems& problems);

    bool all_ = false;
    std::set<pid_t> pids_;                // of the tree
    std::map<int, sys::SemSet> sets_;     // of the namespace, by id
    std::set<int> used_;                  // ids of those that the tree uses
    std::vector<image::SysvMsg> queues_;  // that the tree uses
    SemUndo undo_;
};

}  // namespace crtool::dump
