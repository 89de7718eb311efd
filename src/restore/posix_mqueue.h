// POSIX message queues: see proto/posix_mqueue.proto. The coordinator opens them
// (posix_mqueue_set.h).
#pragma once

#include "restore/context.h"
#include "restore/kind.h"

namespace crtool::restore {

inline constexpr RestoreKind kPosixMqueue = {.kind = image::Kind::posix_mqueue,
                                             .name = "POSIX message queue",
                                             .make = take_made,
                                             .fill = set_position};

// The task is to be notified: when it has closed what it does not keep.
void emit_mqueue_notify(TaskBuild& build);

}  // namespace crtool::restore
