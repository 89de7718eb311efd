// System V message queues in a restore: see proto/sysv_msg.proto.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "restore/context.h"
#include "restore/live_tasks.h"

namespace crtool::restore {

// Bytes for all messages and one more.
uint64_t room_for(const image::SysvMsg& record);

// The queues of the image, made or found again; those that were made are removed unless the restore
// succeeds.
class MsgQueues {
  public:
    MsgQueues(const image::Image& image, const LiveTasks& tasks);
    ~MsgQueues();
    MsgQueues(const MsgQueues&) = delete;
    MsgQueues& operator=(const MsgQueues&) = delete;

    // The messages of those that were made.
    void emit_send(TaskBuild& build) const;
    // The message that was sent to be received.
    void emit_receive(TaskBuild& build) const;
    // Those that were made get their owners, modes and room.
    void finish() const;

    void keep() { made_.clear(); }

  private:
    MsgQueues() = default;
    void make(const image::SysvMsg& record);

    std::vector<const image::SysvMsg*> made_;
    std::unordered_map<uint32_t, std::vector<const image::SysvMsg*>> senders_;    // by pid
    std::unordered_map<uint32_t, std::vector<const image::SysvMsg*>> receivers_;  // by pid
};

}  // namespace crtool::restore
