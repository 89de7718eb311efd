// Interval timers and POSIX timers. See proto/timer.proto.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// After all threads exist (SIGEV_THREAD_ID names one). Values are what was left at the dump.
void emit_timers(TaskBuild& build);

}  // namespace crtool::restore
