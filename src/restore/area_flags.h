// What madvise(2), mlock2(2) and mseal(2) say of areas, and guard regions.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// After all areas are mapped, loaded and forked from.
void emit_area_advice(TaskBuild& build);
// Last of all that concerns memory: a sealed area cannot be changed.
void emit_area_locks(TaskBuild& build);

}  // namespace crtool::restore
