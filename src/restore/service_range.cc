// See service_range.h.
#include "restore/service_range.h"

#include <algorithm>

namespace crtool::restore {
namespace {

constexpr uint32_t kLowest = 64;

}  // namespace

ServiceRange service_range(std::vector<uint32_t> used, uint32_t limit) {
    std::ranges::sort(used);
    uint32_t from = kLowest;
    ServiceRange widest{kLowest, kLowest};
    auto consider = [&](uint32_t end) {
        if (end > from && end - from > widest.last - widest.first)
            widest = {from, end - 1};
    };
    for (uint32_t number : used) {
        consider(number);
        from = std::max(from, number + 1);
    }
    consider(limit);
    // Beyond the limit there is nothing, and the last of the tree's own may be beyond it.
    if (widest.first == from)
        widest.last = kLastFd;
    return widest;
}

}  // namespace crtool::restore
