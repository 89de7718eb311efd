// See service_range.h.
#include "restore/service_range.h"

#include <algorithm>

namespace crtool::restore {
namespace {

// What a task opens has the lowest free number for a moment, also where its table has no hole.
constexpr uint32_t kSpare = 64;

}  // namespace

ServiceRange service_range(std::vector<uint32_t> used, uint32_t limit) {
    std::ranges::sort(used);
    uint32_t from = 0;
    ServiceRange widest{0, 0};
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
    uint32_t last = widest.first == from ? kLastFd : widest.last;
    return {widest.first + std::min(kSpare, (widest.last - widest.first) / 2), last};
}

}  // namespace crtool::restore
