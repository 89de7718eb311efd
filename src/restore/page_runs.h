// The page indexes of an image, for the memory plan: which pages a task has, and where they come
// from. An INHERITED page that a task cannot get by fork is looked up in its ancestors.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "image/image.h"
#include "parasite/script.h"

namespace crtool::restore {

struct Range;
class PageRuns;

// Goes through the runs of a task in ascending order, so that all look-ups together cost one walk.
class RunCursor {
  public:
    RunCursor(const PageRuns& runs, uint32_t task);

    // Appends what must be loaded into [start, end), or lengthens the last load by it; false when
    // there is nothing. `kept`: inherited pages are there already.
    bool loads(uint64_t start, uint64_t end, bool kept, std::vector<parasite::Segment>& out);

  private:
    const PageRuns& runs_;
    uint32_t task_;
    int at_ = 0;
};

class PageRuns {
  public:
    explicit PageRuns(const image::Image& image);

    bool has_inherited(uint32_t task) const { return has_inherited_[task]; }

    bool any_inherited(uint32_t task, uint64_t start, uint64_t end) const;
    // Pages in [start, end) that a task has of its own or inherited; neighbours are merged.
    std::vector<Range> present(uint32_t task, uint64_t start, uint64_t end) const;

    // Where in pages.img the page at `address` is, stored or inherited; nullopt: nowhere.
    std::optional<uint64_t> stored(uint32_t task, uint64_t address) const;

    RunCursor cursor(uint32_t task) const { return RunCursor(*this, task); }

  private:
    friend class RunCursor;

    // Index of the first run that ends after `address`.
    int first_after(uint32_t task, uint64_t address) const;
    // Loads for pages that `task` inherits, from whoever stored them.
    void resolve(uint32_t task, uint64_t start, uint64_t end,
                 std::vector<parasite::Segment>& out) const;

    const image::Image& image_;
    std::vector<const image::PageIndex*> index_;  // by task; the owner's where one is shared
    std::vector<uint32_t> parent_;                // by task
    std::vector<bool> has_inherited_;
};

}  // namespace crtool::restore
