// The saved ids at the moment before a restore: each must be free, of a task, a thread or a helper.
#pragma once

#include <cstdint>

namespace crtool::restore {

// Waits until no process, group or session has `id`: five seconds for a process that is dead and
// not yet waited for, as those just dumped may be, and half a second for who lives: most come and
// go within that time. Then throws Errc::system (EEXIST), which names who has it. `own`: crtool's
// pid.
void await_free(uint32_t id, uint32_t own);

}  // namespace crtool::restore
