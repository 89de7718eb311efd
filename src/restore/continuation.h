// Continuations that a parent has not waited for (WCONTINUED).
//
// The kernel notes one when a stopped process gets SIGCONT, and in no other way. So the task, while
// it has one thread yet and is traced, stops itself, and the coordinator continues it. The parent
// gets a SIGCHLD for both, which it throws away.
#pragma once

#include "restore/board_watch.h"
#include "restore/context.h"

namespace crtool::restore {

// The task's part: before it has other threads, and before kOpened.
void emit_continuation(TaskBuild& build);
// The coordinator's, after the release of kTree.
void continue_stopped(const Context& ctx, BoardWatch& watch);

}  // namespace crtool::restore
