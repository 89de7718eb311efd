// An IPC namespace of the tree's own: see proto/ipc_namespace.proto.
#pragma once

#include <optional>
#include <span>

#include "dump/posix_mqueue_set.h"
#include "dump/problems.h"
#include "dump/task_probe.h"
#include "image/writer.h"
#include "proto/ipc_namespace.pb.h"
#include "sys/namespaces.h"

namespace crtool::dump {

class IpcNamespace {
  public:
    // The tree is frozen, and its threads are known. If it has one of its own, the calling thread
    // is in it from here on, for as long as this object lives.
    void look(std::span<const TaskProbe> tasks, Problems& problems);

    bool is_own() const { return visit_.has_value(); }

    // POSIX message queues with a name in it would end with it, also those that nobody has open.
    void add_queues(PosixMqueueSet& queues, pid_t root) const;

    void save(image::Writer& writer) const;

  private:
    void read_settings();

    image::IpcNamespace record_;
    std::optional<sys::IpcVisit> visit_;
};

}  // namespace crtool::dump
