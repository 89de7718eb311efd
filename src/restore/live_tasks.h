// Which tasks of an image can be told to do something in a restore.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <unordered_set>

#include "image/image.h"

namespace crtool::restore {

class LiveTasks {
  public:
    explicit LiveTasks(const image::Image& image) : root_(image.tasks.front().pid()) {
        for (const image::Task& task : image.tasks) {
            all_.insert(task.pid());
            if (task.state() != image::Task::ZOMBIE)
                live_.insert(task.pid());
        }
    }

    // `pid` itself when it is one of them, else the root.
    uint32_t or_root(uint32_t pid) const { return live_.contains(pid) ? pid : root_; }

    bool has(uint32_t pid) const { return live_.contains(pid); }

    // Also zombies.
    bool in_tree(pid_t pid) const { return all_.contains(static_cast<uint32_t>(pid)); }

  private:
    std::unordered_set<uint32_t> live_;
    std::unordered_set<uint32_t> all_;
    uint32_t root_;
};

}  // namespace crtool::restore
