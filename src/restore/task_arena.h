// The arena of a restore: code of the blob, the board, scripts, stacks and data, in one memfd.
#pragma once

#include "image/image.h"
#include "parasite/arena.h"
#include "restore/own_state.h"
#include "sys/fd.h"
#include "sys/mapping.h"

namespace crtool::restore {

class TaskArena {
  public:
    // Maps it where it fits into the coordinator and into every task of the image.
    TaskArena(const image::Image& image, const OwnState& own);

    parasite::Arena& arena() { return arena_; }

    // Address of the blob's code: readable and executable, not writable.
    uint64_t blob() const { return memory_.address(); }

  private:
    sys::UniqueFd fd_;
    sys::Mapping memory_;
    sys::Mapping code_;
    parasite::Arena arena_;
};

}  // namespace crtool::restore
