// Sessions and their terminals, in the tasks' own scripts: see proto/terminal.proto.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// The leader of a session takes its terminal; those whom it forks then are born with it. Right
// after setsid(2).
void emit_take_terminal(TaskBuild& build);
// When everybody is born, and every group has its leader or a helper in its place: a task that had
// none of its session's terminal gives it up, the leader says which group is in the foreground.
void emit_foreground(TaskBuild& build);

}  // namespace crtool::restore
