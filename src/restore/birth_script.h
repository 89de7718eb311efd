// The first things a new task does: session, group, memory of its own, children.
#pragma once

#include <functional>

#include "restore/context.h"

namespace crtool::restore {

// Address of the compiled script of a node that is forked.
using ScriptOf = std::function<uint64_t(uint32_t)>;

// Up to the point where all of its children exist.
void emit_birth(TaskBuild& build, const ScriptOf& script_of);
// When everybody exists: joins its process group.
void emit_join(TaskBuild& build);
// When the others have joined: helpers that led groups end, and who led one leaves it.
void emit_joined(TaskBuild& build);
// A helper after its birth.
void emit_helper_end(TaskBuild& build);

}  // namespace crtool::restore
