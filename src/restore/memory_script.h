// Operations that build an address space out of the memory plan; see there for before and after.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// First of all in a task: what the forker had and this task has not goes away.
void emit_discard(TaskBuild& build);
// Unmaps everything but the arena.
void emit_discard_all(TaskBuild& build);
// What children will inherit; to be followed by the forks.
void emit_memory_before(TaskBuild& build);
// All the rest: areas, pages, vdso, and what madvise(2), mlock(2) and prctl(2) can say of them.
void emit_memory_after(TaskBuild& build);
// Locks and seals: after the last change to any area.
void emit_memory_locks(TaskBuild& build);

}  // namespace crtool::restore
