// Work that must not be left half done when this process is killed: done by a process of its own
// that shares memory and descriptors with it, while it waits.
//
// SIGKILL hits processes, not memory (clone(2): CLONE_VM without CLONE_THREAD). So the work goes on
// with all that it has, and what only the descriptors keep alive stays until it ends. It has a
// name and a session of its own: a kill by name or group does not mean it.
#pragma once

#include <sys/types.h>

#include <functional>

namespace crtool::sys {

class Apart {
  public:
    // Calls work(apart) over there, on a stack of its own, and waits for its end; throws what it
    // threw. No other thread of this process may be at work: killed, it might hold a lock of the C
    // library. Process ids of one's own are not what they are here (getpid(2)).
    static void run(const std::function<void(const Apart&)>& work);

    // The process that waited is dead: what was begun is to be ended, and nothing to be begun.
    bool is_alone() const;

  private:
    explicit Apart(pid_t parent) : parent_(parent) {}

    static int enter(void* argument);

    pid_t parent_;
};

}  // namespace crtool::sys
