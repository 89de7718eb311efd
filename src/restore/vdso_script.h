// The vdso: code that the kernel lends to every program, and the data page(s) before it.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// Maps it where the saved one was, or leads calls of the saved one to it, as the plan says. Before
// any other area of the task: nothing may be in the way.
void emit_vdso(TaskBuild& build);

}  // namespace crtool::restore
