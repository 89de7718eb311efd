// The vdso: code that the kernel lends to every program, and the data page(s) before it.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// Where the block lies in an address space; code 0: nowhere.
VdsoPlace vdso_place(const image::AddressSpace& mm);

// Maps it where the saved one was. Before any other area of the task: nothing may be in the way.
void emit_vdso(TaskBuild& build);

}  // namespace crtool::restore
