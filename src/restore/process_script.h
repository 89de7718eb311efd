// What a task has once for all its threads and that is set by prctl(2) and the like.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// PR_SET_MM_MAP: where code, data, heap, stack, arguments and environment are, the auxiliary
// vector, and the executable. After all areas are mapped.
void emit_mm_layout(TaskBuild& build);
// What the process may use of the CPU: before its threads have alternate stacks, which must be
// large enough for it.
void emit_cpu_permissions(TaskBuild& build);
// Flags that do not bind crtool's own work.
void emit_process_flags(TaskBuild& build);
// Resource limits; after everything that may need more than they allow.
void emit_limits(TaskBuild& build);
// The last change to credentials has reset it: after every thread's.
void emit_dumpable(TaskBuild& build);
bool needs_late_dumpable(const OwnState& own, const image::Task& task);

}  // namespace crtool::restore
