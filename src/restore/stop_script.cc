// See stop_script.h.
#include "restore/stop_script.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>

#include "parasite/kernel_signals.h"
#include "restore/signal_script.h"

namespace crtool::restore {

bool has_stopped_child(const Context& ctx, const image::Task& task) {
    return std::ranges::any_of(ctx.children_of(task.pid()), [](const image::Task* child) {
        return child->state() == image::Task::STOPPED;
    });
}

// The stopped children have stopped: sees it, as often as the parent had seen it before the dump,
// and takes the signals they sent.
void emit_stopped_children(TaskBuild& build) {
    for (const image::Task* child : build.ctx.children_of(build.task.pid())) {
        if (child->state() != image::Task::STOPPED)
            continue;
        build.script.about("stopped child", child->pid());
        build.script.call("see it stop", SYS_waitid,
                          {P_PID, child->pid(), 0,
                           WSTOPPED | __WALL | (child->stop_reported() ? 0 : WNOWAIT), 0});
    }
    emit_flush(build, {SIGCHLD});
}

// A stop signal other than SIGSTOP works only while it has its default action, and not in an
// orphaned process group (signal(7), setpgid(2)): then it passes, and SIGSTOP does it.
void emit_stop(TaskBuild& build, const image::Thread& thread) {
    parasite::ScriptBuilder& script = build.script;
    uint32_t signal = build.task.stop_signal();
    bool caught = std::ranges::any_of(
        build.task.actions(), [&](const auto& action) { return action.signal() == signal; });
    script.about("stop");
    if (signal != SIGSTOP && !caught && build.task.shares_sighand() == 0) {
        script.call("send itself the stop signal", SYS_tgkill,
                    {build.task.pid(), thread.tid(), signal});
        uint64_t mask = script.arena().put(uint64_t{1} << (signal - 1));
        script.call("unblock the stop signal", SYS_rt_sigprocmask,
                    {SIG_UNBLOCK, mask, 0, parasite::kKernelSigsetBytes});
    }
    script.call("send itself SIGSTOP", SYS_tgkill, {build.task.pid(), thread.tid(), SIGSTOP});
}

}  // namespace crtool::restore
