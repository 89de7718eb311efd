// Zombies: how a task ends again as it had ended, and how its parent sees to it.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// Everything that a zombie does between its birth and its end.
void emit_zombie(TaskBuild& build);
// Its parent: lets its zombies end one after the other and takes the signals that they sent.
void emit_zombie_turns(TaskBuild& build);
// Some zombie of the image was killed with a core dump.
bool dumps_core(const image::Image& image);

}  // namespace crtool::restore
