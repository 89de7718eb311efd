// Scheduling of a thread: policy, priority, affinity, I/O priority, timer slack.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// From the thread itself, before it gives up privileges (real-time policies need them).
void emit_scheduling(TaskBuild& build, const image::Scheduling& sched);

}  // namespace crtool::restore
