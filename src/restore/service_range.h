// The numbers of service descriptors (context.h): none that the tree or the coordinator has.
#pragma once

#include <cstdint>
#include <vector>

namespace crtool::restore {

inline constexpr uint32_t kLastFd = 0xffffffff;

struct ServiceRange {
    uint32_t first = 0;
    uint32_t last = kLastFd;
};

// The widest gap in `used` below `limit`, but for some numbers at its begin. Mostly that is all
// above the highest; but some programs keep their own descriptors just below the limit (valgrind).
ServiceRange service_range(std::vector<uint32_t> used, uint32_t limit);

}  // namespace crtool::restore
