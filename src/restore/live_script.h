// What a living task does between its birth and the moment it is parked.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

void emit_live(TaskBuild& build);
// The task has something to do after every thread has done its own part (stage kDone).
bool has_late_part(const Context& ctx, const image::Task& task);

}  // namespace crtool::restore
