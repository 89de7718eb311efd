// The login uid of the audit log (pam_loginuid(8)): children have it from their parent, and with it
// the number of a session of the log, which is always a new one; who shared its parent's still
// does.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// Before the task forks anybody, and while it has crtool's power and /proc.
void emit_loginuid(TaskBuild& build);

}  // namespace crtool::restore
