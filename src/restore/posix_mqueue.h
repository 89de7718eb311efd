// POSIX message queues: see proto/posix_mqueue.proto. The coordinator opens them
// (posix_mqueue_set.h).
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

inline constexpr RestoreKind kPosixMqueue = {.kind = image::Kind::posix_mqueue,
                                             .name = "POSIX message queue",
                                             .make = take_made,
                                             .fill = set_position};

}  // namespace crtool::restore
