// A model of a descriptor table, which says what number the kernel will give next (fd_plan.cc).
#pragma once

#include <cstddef>
#include <vector>

namespace crtool::restore {

class FdModel {
  public:
    // The lowest free number (open(2): "lowest-numbered file descriptor not currently open").
    int take_lowest() {
        while (is_used(lowest_))
            lowest_++;
        use(lowest_);
        return lowest_;
    }

    void use(int fd) {
        size_t at = static_cast<size_t>(fd);
        if (at >= used_.size())
            used_.resize(at + at / 2 + 64);
        used_[at] = true;
    }

    void release(int fd) {
        used_[static_cast<size_t>(fd)] = false;
        if (fd < lowest_)
            lowest_ = fd;
    }

    bool is_used(int fd) const {
        return static_cast<size_t>(fd) < used_.size() && used_[static_cast<size_t>(fd)];
    }

  private:
    std::vector<bool> used_;
    int lowest_ = 0;  // nothing below is free
};

}  // namespace crtool::restore
