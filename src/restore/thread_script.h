// What every thread does for itself, and how threads are made.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// Leader: makes all other threads, whose scripts it compiles on the way.
void emit_threads(TaskBuild& build);
// The thread by which a task acts as a whole: its first, or the next where that one has ended.
const image::Thread& first_live(const image::Task& task);
// A thread's own part, from its addresses to its credentials; nothing powerful may follow.
void emit_thread_state(TaskBuild& build, const image::Thread& thread);

}  // namespace crtool::restore
