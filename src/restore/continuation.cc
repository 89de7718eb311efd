// See continuation.h.
#include "restore/continuation.h"

#include <signal.h>
#include <sys/syscall.h>

#include <optional>

#include "base/error.h"
#include "base/fault.h"
#include "restore/signal_script.h"
#include "sys/pidfd.h"
#include "sys/proc_dir.h"
#include "sys/proc_stat.h"
#include "tracee/ptrace.h"

namespace crtool::restore {
namespace {

// The next event stop; SIGSTOP on its way to the task is let through.
tracee::WaitStatus await_event_stop(pid_t pid, BoardWatch& watch) {
    for (;;) {
        std::optional<tracee::WaitStatus> status = tracee::try_wait(pid);
        if (!status) {
            watch.glance();
            continue;
        }
        if (status->ended())
            fail(Errc::gone, "task {} ended while it was restored", pid);
        if (status->is_event_stop())
            return *status;
        tracee::resume(pid, status->is_signal_delivery() ? status->stop_signal() : 0);
    }
}

// The stop is complete, and its end an event for the parent, only when every thread takes part.
void await_stopped_threads(const Context& ctx, const image::Task& task, BoardWatch& watch) {
    if (!ctx.early_threads.contains(task.pid()))
        return;
    sys::ProcDir proc(static_cast<pid_t>(task.pid()));
    for (int index = 1; index < task.threads_size(); index++) {
        sys::ProcDir thread = proc.thread(static_cast<pid_t>(task.threads(index).tid()));
        while (sys::parse_stat(thread.read("stat")).state != 'T')
            watch.glance();
    }
}

}  // namespace

void emit_continuation(TaskBuild& build) {
    build.script.about("continuation");
    build.script.call("stop itself", SYS_tgkill, {build.task.pid(), build.task.pid(), SIGSTOP});
    // All signals are blocked, so that it waits to be taken.
    emit_flush(build, {SIGCONT});
}

void continue_stopped(const Context& ctx, BoardWatch& watch) {
    for (const image::Task& task : ctx.image.tasks) {
        if (!task.continuation())
            continue;
        auto pid = static_cast<pid_t>(task.pid());
        ErrorContext context("task", pid);
        fault::point("continue a stopped task");
        while (!await_event_stop(pid, watch).is_group_stop())
            tracee::resume(pid);
        await_stopped_threads(ctx, task, watch);
        sys::PidFd(pid).send_signal(SIGCONT);
        // The tracer is told of the end of a group stop by one more stop (ptrace(2)).
        tracee::resume(pid);
        while (await_event_stop(pid, watch).is_group_stop())
            tracee::resume(pid);
        if (task.leader_exited())
            tracee::detach(pid);  // it is about to end
        else
            tracee::resume(pid);
    }
}

}  // namespace crtool::restore
