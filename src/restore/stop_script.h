// Tasks that job control has stopped, and parents that have seen it or not.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

bool has_stopped_child(const Context& ctx, const image::Task& task);
// The stopped children have stopped: sees it, as often as the parent had seen it before the dump,
// and takes the signals they sent.
void emit_stopped_children(TaskBuild& build);
// A thread stops its task. A first thread that is to end first has ended: it would stop, too.
void emit_stop(TaskBuild& build, const image::Thread& thread);

}  // namespace crtool::restore
