// See zombie_script.h.
//
// A zombie's turn comes when its parent posts its word; the parent then watches the death with
// waitid(WNOWAIT), which leaves the zombie to be waited for. So the order of deaths is that of the
// image, and when the parent goes on every zombie is one. A zombie is never traced: it would be the
// tracer's to wait for.
#include "restore/zombie_script.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>

#include "parasite/kernel_signals.h"
#include "restore/creds_script.h"
#include "restore/signal_script.h"

namespace crtool::restore {
namespace {

constexpr uint32_t kCoreBit = 0x80;
// Enough for a dump to begin; the bit is set when it has begun.
constexpr uint64_t kCoreBytes = 1 << 20;

uint32_t killer(const image::Task& task) {
    return task.wait_status() & 0x7f;
}

void emit_core_limit(TaskBuild& build) {
    bool core = (build.task.wait_status() & kCoreBit) != 0;
    uint64_t bytes = core ? kCoreBytes : 0;
    uint64_t limit = build.script.arena().put(rlimit64{bytes, bytes});
    build.script.call("limit its core dump", SYS_prlimit64, {0, RLIMIT_CORE, limit, 0});
    if (!core)
        return;
    if (!build.ctx.core_dir.empty())
        build.script.call("enter a directory for its core dump", SYS_chdir,
                          {build.script.arena().put_string(build.ctx.core_dir)});
}

void emit_end(TaskBuild& build) {
    parasite::ScriptBuilder& script = build.script;
    uint32_t signal = killer(build.task);
    uint64_t saved = build.task.threads_size() > 0 ? build.task.threads(0).signal_mask() : 0;
    if (signal != 0)
        saved &= ~(uint64_t{1} << (signal - 1));
    if ((build.task.wait_status() & kCoreBit) != 0)
        script.call("let a core dump be made", SYS_prctl, {PR_SET_DUMPABLE, 1, 0, 0, 0});
    script.call("set its signal mask", SYS_rt_sigprocmask,
                {SIG_SETMASK, script.arena().put(saved), 0, parasite::kKernelSigsetBytes});
    if (signal == 0) {
        script.call("exit", SYS_exit_group, {build.task.wait_status() >> 8 & 0xff});
        return;
    }
    script.call("send itself the signal", SYS_tgkill, {build.task.pid(), build.task.pid(), signal});
    // Not reached: a signal whose default is not to kill ends nobody.
    script.call("die", SYS_exit_group, {0});
}

// Helpers that this task has reaped have signalled their end too.
void add_helper_signals(const TaskBuild& build, std::vector<uint32_t>& signals) {
    const Node& node = build.plan();
    for (const auto* list : {&node.early, &node.service, &node.late})
        for (uint32_t index : *list) {
            const Node& child = build.ctx.pids.nodes[index];
            if (child.task == kNone && child.exit_signal != 0)
                signals.push_back(child.exit_signal);
        }
}

}  // namespace

void emit_zombie(TaskBuild& build) {
    parasite::ScriptBuilder& script = build.script;
    script.about("zombie");
    script.call("set its name", SYS_prctl,
                {PR_SET_NAME, script.arena().put_string(build.task.comm()), 0, 0, 0});
    if (killer(build.task) != 0)
        emit_core_limit(build);
    if (build.task.threads_size() > 0)
        emit_creds(build, build.task.threads(0).creds());
    script.about("zombie");
    script.call("wait for its turn", parasite::kWaitFor, {build.ctx.turns.at(build.task.pid()), 1});
    emit_end(build);
}

void emit_zombie_turns(TaskBuild& build) {
    std::vector<uint32_t> signals;
    for (const image::Task* child : build.ctx.children_of(build.task.pid())) {
        if (child->state() != image::Task::ZOMBIE)
            continue;
        build.script.about("zombie", child->pid());
        build.script.call("let it end", parasite::kPost, {build.ctx.turns.at(child->pid()), 1});
        build.script.call("see its end", SYS_waitid,
                          {P_PID, child->pid(), 0, WEXITED | WNOWAIT | __WALL, 0});
        if (child->exit_signal() != 0)
            signals.push_back(child->exit_signal());
    }
    add_helper_signals(build, signals);
    emit_flush(build, signals);
}

bool dumps_core(const image::Image& image) {
    return std::ranges::any_of(image.tasks, [](const image::Task& task) {
        return task.state() == image::Task::ZOMBIE && (task.wait_status() & kCoreBit) != 0;
    });
}

}  // namespace crtool::restore
