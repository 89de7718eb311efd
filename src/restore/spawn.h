// Making a task or thread from inside a script.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

struct Spawn {
    uint64_t flags = 0;  // CLONE_*
    uint32_t exit_signal = 0;
    uint32_t pid = 0;     // the id that it gets
    uint64_t script = 0;  // what it runs
};

// clone3(2) arguments with a stack of its own; address in the arena.
uint64_t put_clone_args(parasite::Arena& arena, const Spawn& spawn);
void emit_spawn(TaskBuild& build, const Spawn& spawn);

}  // namespace crtool::restore
