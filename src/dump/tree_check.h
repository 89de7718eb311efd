// What the shape of the tree must be for a restore to be able to make it again.
#pragma once

#include <span>

#include "dump/options.h"
#include "dump/problems.h"
#include "dump/task_probe.h"

namespace crtool::dump {

// Sessions and groups that reach outside of the tree are only allowed for the root, as a shell job;
// namespaces must be crtool's own; nobody outside may share memory or tables with the tree.
void check_tree(std::span<const TaskProbe> tasks, const Options& options, Problems& problems);

}  // namespace crtool::dump
