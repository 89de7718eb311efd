// Threads that were interrupted in nanosleep(2) or clock_nanosleep(2): they sleep on for what is
// left.
//
// Such a call keeps its end in the thread's restart block, which no register shows. But when it was
// interrupted, the kernel wrote what remained to the place that the caller named for it, and that
// is in the image. So instead of parking, the restored thread makes the same call for the remaining
// time itself; the coordinator interrupts it there, and the kernel goes on with its restart block
// as it would have gone on with the first one. Without such a place the whole time is slept again.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// The last operation of a thread: parks it, or lets it sleep on.
void emit_park(TaskBuild& build, const image::Thread& thread);

}  // namespace crtool::restore
