// Which tasks have tables in common (CLONE_VM, CLONE_FILES, CLONE_FS, CLONE_SIGHAND).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "image/image.h"

namespace crtool::restore {

class SharePlan {
  public:
    explicit SharePlan(const image::Image& image);

    // Can `forker` (kNone: a task with no tables in common) make `task` with clone flags alone?
    bool fits(uint32_t task, uint32_t forker) const;

    // CLONE_* flags for that.
    uint64_t flags(uint32_t task, uint32_t forker) const;

  private:
    // Per task and table: the index of the table's owner.
    std::vector<std::array<uint32_t, 4>> owners_;
};

}  // namespace crtool::restore
