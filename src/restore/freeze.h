// A tree that comes back into a frozen cgroup (--freeze-cgroup): nothing of it runs before somebody
// thaws that.
#pragma once

#include <optional>

#include "restore/context.h"
#include "sys/cgroup_freezer.h"

namespace crtool::restore {

class Freeze {
  public:
    // Throws usage when the cgroup has no freezer; does nothing without the option.
    explicit Freeze(const Options& options);
    // Thaws the cgroup, unless it is kept: a frozen task cannot even be killed in v1.
    ~Freeze();
    Freeze(const Freeze&) = delete;
    Freeze& operator=(const Freeze&) = delete;

    // Moves all tasks into the cgroup and freezes it. They stand in ptrace stops, from which they
    // walk straight into the freezer when they are let go.
    void take(const Context& ctx);
    // The tasks have been let go: waits until they are frozen.
    void keep();

  private:
    std::optional<sys::CgroupFreezer> freezer_;
    bool taken_ = false;
};

}  // namespace crtool::restore
