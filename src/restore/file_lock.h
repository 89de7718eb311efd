// Locks on files (proto/file_lock.proto). To be emitted when the task closes nothing any more and
// everybody has opened what it opens, before signal owners are set: a lease brings one of its own.
#pragma once

#include "parasite/script_builder.h"
#include "proto/task.pb.h"

namespace crtool::restore {

void emit_locks(const image::Task& task, parasite::ScriptBuilder& script);

}  // namespace crtool::restore
