// The saved ids at the moment before a restore: each must be free, of a task, a thread or a helper.
#pragma once

#include <cstdint>

#include "sys/fd.h"

namespace crtool::restore {

class FreeIds {
  public:
    // `own`: crtool's pid.
    explicit FreeIds(uint32_t own);

    // Waits until no process, group or session has `id`: five seconds for processes that are dead
    // and not yet waited for, as those just dumped may be, and half a second for who lives: most
    // come and go within that time. Then throws Errc::system (EEXIST), which names who has it.
    void await(uint32_t id) const;

  private:
    bool is_free(uint32_t id) const;

    uint32_t own_;
    sys::UniqueFd file_;
};

}  // namespace crtool::restore
