// System V semaphore sets and message queues in a restore: see proto/sysv_ipc.proto.
#pragma once

#include "image/image.h"
#include "restore/context.h"
#include "restore/live_tasks.h"
#include "restore/sysv_msg.h"
#include "restore/sysv_sem.h"

namespace crtool::restore {

// All of them, made or found again.
class SysvIpc {
  public:
    explicit SysvIpc(const image::Image& image)
        : tasks_(image), semaphores_(image, tasks_), queues_(image, tasks_) {}

    // Before the first thread is made, with which a task shares what it would undo.
    void emit_use(TaskBuild& build) const {
        semaphores_.emit_values(build);
        queues_.emit_send(build);
    }

    // When all tasks have done that; with all power still.
    void emit_last_use(TaskBuild& build) const {
        semaphores_.emit_last_operation(build);
        queues_.emit_receive(build);
    }

    // All tasks are ready.
    void finish() const {
        semaphores_.finish();
        queues_.finish();
    }

    // The restore has succeeded.
    void keep() {
        semaphores_.keep();
        queues_.keep();
    }

  private:
    LiveTasks tasks_;
    SemSets semaphores_;
    MsgQueues queues_;
};

}  // namespace crtool::restore
