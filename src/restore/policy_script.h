// NUMA policies of threads and areas.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// set_mempolicy(2), in the thread itself.
void emit_thread_policy(TaskBuild& build, const image::Thread& thread);
// mbind(2) of a part of an area, before it has pages: where they come from is settled with them.
void emit_area_policy(TaskBuild& build, const image::Area& area, uint64_t start, uint64_t end);

}  // namespace crtool::restore
