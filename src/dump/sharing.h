// Which tasks share a whole table: memory, descriptors, working directory and umask, handlers (T5).
#pragma once

#include <span>

#include "dump/task_probe.h"

namespace crtool::dump {

// Fills shares_vm, shares_files, shares_fs and shares_sighand of the records with the pid of the
// first task that has the same table. Asks kcmp(2) n log n times.
void find_sharing(std::span<TaskProbe> tasks);

}  // namespace crtool::dump
