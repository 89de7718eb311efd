// Where the arena of a restore lies: the same place in the coordinator and in every task.
#pragma once

#include <cstdint>
#include <vector>

#include "image/image.h"
#include "restore/memory_plan.h"

namespace crtool::restore {

// Bytes that scripts, stacks and data of all tasks may need; what is not used costs nothing.
uint64_t arena_bytes(const image::Image& image);

// An address with `bytes` free, and some room around, in all address spaces of the image and beside
// `taken` (ascending: the coordinator's own mappings). Throws unsupported when there is none.
uint64_t plan_arena(const image::Image& image, const std::vector<Range>& taken, uint64_t bytes);

}  // namespace crtool::restore
