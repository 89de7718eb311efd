// Checks of validate() about epolls that watch epolls.
//
// The kernel lets them nest, but not in a circle and not deeper than five (ELOOP). A restore adds
// watches to inner ones first, so a circle would have no beginning.
#include <unordered_map>

#include "image/validate_internal.h"

namespace crtool::image::checks {
namespace {

constexpr int kMaxDepth = 8;  // the kernel's EP_MAX_NESTS is 4

class Nesting {
  public:
    explicit Nesting(const Index& index) : index_(index) {}

    // Levels of epolls under this one. A circle runs into kMaxDepth.
    int depth(const OpenFile& epoll, int level) {
        if (level > kMaxDepth)
            refuse("it watches itself, or epolls nested deeper than {}", kMaxDepth);
        if (auto known = known_.find(epoll.id()); known != known_.end())
            return known->second;
        int below = 0;
        for (const EpollWatch& watch : epoll.epoll().watches()) {
            const OpenFile& target = *index_.file(watch.file());
            if (target.has_epoll())
                below = std::max(below, 1 + depth(target, level + 1));
        }
        known_.emplace(epoll.id(), below);
        return below;
    }

  private:
    const Index& index_;
    std::unordered_map<uint32_t, int> known_;
};

}  // namespace

void check_epolls(const Index& index) {
    Nesting nesting(index);
    for (const OpenFile& file : index.image().files) {
        if (!file.has_epoll())
            continue;
        ErrorContext context("open file", file.id());
        nesting.depth(file, 0);
    }
}

}  // namespace crtool::image::checks
