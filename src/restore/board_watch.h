// The coordinator's side of the board: waiting until everybody has come, and letting them go on.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "parasite/script.h"
#include "parasite/script_builder.h"
#include "restore/context.h"

namespace crtool::restore {

class BoardWatch {
  public:
    // Asked from time to time: which restored process has ended that should not; empty: none.
    using DeathNotice = std::function<std::string()>;

    // All references must outlive the object.
    BoardWatch(const Context& ctx, const std::atomic<bool>& cancelled, DeathNotice deaths);

    // Waits until all have arrived at `stage`. Throws the first error that a task has posted,
    // cancelled on request, system (ETIMEDOUT) when nothing has moved for a minute.
    void await(Stage stage);
    // For waits of another kind: a short pause, and a look whether all is well; throws as await().
    void glance();
    // Lets all who wait for `stage` go on.
    void release(Stage stage);
    // Tells everybody that the restore has failed: who waits ends itself.
    void abandon();
    // From now on threads that are traced, and have SIGCONT in a queue, are resumed when its
    // sending has stopped them: the tracer is told of it, blocked or not, by a PTRACE_EVENT_STOP of
    // every thread of the process (ptrace(2), PTRACE_LISTEN).
    void resume_notified();
    // Throws the first error that a task has posted, if one has.
    void throw_posted_error() const;

  private:
    void look_for_deaths() const;
    // A look at everything but the board; `time`: how long to wait for that at the most.
    void look_around(uint32_t seen, std::chrono::milliseconds time) const;

    const Context& ctx_;
    parasite::Board* board_;
    const std::atomic<bool>& cancelled_;
    DeathNotice deaths_;
    std::vector<pid_t> notified_;
};

}  // namespace crtool::restore
