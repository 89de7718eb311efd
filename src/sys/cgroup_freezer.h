// The freezer of a cgroup, v1 or v2: whether a task is held by one, and letting it go for a while.
//
// ptrace(2) cannot stop a task that a freezer holds: the stop happens only when the freezer lets it
// run. So a frozen tree is seized and told to stop first, then thawed, upon which every task walks
// straight into its stop; and frozen again before ptrace lets go.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

namespace crtool::sys {

class CgroupFreezer {
  public:
    // The cgroup that holds the task, itself or one above it; nullopt when nothing freezes it.
    static std::optional<CgroupFreezer> holding(pid_t pid);
    // The freezer of this cgroup directory. Throws usage when it has none.
    explicit CgroupFreezer(const std::string& directory);

    bool frozen() const;
    // Asks for the state; does not wait.
    void freeze() const;
    void thaw() const;
    // Waits until the cgroup is frozen; false when `patience` has passed.
    bool wait_frozen(std::chrono::milliseconds patience) const;

    const std::string& directory() const { return directory_; }

  private:
    bool asked_to_freeze() const;

    std::string directory_;
    bool unified_ = false;  // cgroup v2
};

}  // namespace crtool::sys
