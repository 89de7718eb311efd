// See birth_script.h.
#include "restore/birth_script.h"

#include <linux/rseq.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "parasite/kernel_signals.h"
#include "restore/login_script.h"
#include "restore/memory_script.h"
#include "restore/signal_script.h"
#include "restore/spawn.h"
#include "restore/terminal_script.h"

namespace crtool::restore {
namespace {

// What the first process has from the coordinator goes, before anybody can inherit it.
void emit_first(TaskBuild& build) {
    const OwnState& own = build.ctx.own;
    parasite::ScriptBuilder& script = build.script;
    script.about("first process");
    script.call("block all signals", SYS_rt_sigprocmask,
                {SIG_SETMASK, build.ctx.all_signals, 0, parasite::kKernelSigsetBytes});
    if (own.rseq.address != 0)
        script.call("give up rseq", SYS_rseq,
                    {own.rseq.address, own.rseq.length, RSEQ_FLAG_UNREGISTER, own.rseq.signature});
    const ServiceRange& kept = build.ctx.service.range;
    script.call("close descriptors of the coordinator", SYS_close_range, {0, kept.first - 1, 0});
    if (kept.last != kLastFd)
        script.call("close high descriptors of the coordinator", SYS_close_range,
                    {kept.last + 1, kLastFd, 0});
    uint64_t fresh = script.arena().put(parasite::KernelAction{});
    for (int signal : own.changed_signals)
        script.call("reset a signal action", SYS_rt_sigaction,
                    {signal, fresh, 0, parasite::kKernelSigsetBytes});
    emit_discard_all(build);
    // No huge page may bring memory that was not there. Inherited by everybody.
    script.call("forbid huge pages", SYS_prctl, {PR_SET_THP_DISABLE, 1, 0, 0, 0});
}

void emit_forks(TaskBuild& build, const std::vector<uint32_t>& nodes, const ScriptOf& script_of) {
    for (uint32_t index : nodes) {
        const Node& node = build.ctx.pids.nodes[index];
        build.script.about("child", node.pid);
        emit_spawn(build, {node.clone_flags, node.exit_signal, node.pid, script_of(index)});
        // A helper that leaves orphans must be gone, and they landed, before anybody looks.
        if (node.task == kNone && node.parent == build.node && !node.waits_for_groups)
            build.script.call("wait for a helper", SYS_wait4, {node.pid, 0, __WALL, 0});
    }
}

void emit_ids(TaskBuild& build) {
    build.script.about("ids");
    if (build.plan().new_session)
        build.script.call("lead a session", SYS_setsid, {});
    else if (build.plan().new_group)
        build.script.call("lead a process group", SYS_setpgid, {0, 0});
    if (build.plan().subreaper)
        build.script.call("become a subreaper", SYS_prctl, {PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0});
}

}  // namespace

void emit_birth(TaskBuild& build, const ScriptOf& script_of) {
    const Node& node = build.plan();
    if (node.forker == kNone)
        emit_first(build);
    emit_loginuid(build);
    emit_forks(build, node.early, script_of);
    emit_ids(build);
    emit_take_terminal(build);
    emit_forks(build, node.service, script_of);
    if (node.task != kNone && build.ctx.memory.tasks[node.task].own) {
        emit_discard(build);
        emit_memory_before(build);
    }
    emit_forks(build, node.late, script_of);
}

void emit_join(TaskBuild& build) {
    const Node& node = build.plan();
    if (node.join_group == 0 || node.join_late)
        return;
    build.script.about("process group", node.join_group);
    build.script.call("join it", SYS_setpgid, {0, node.join_group});
}

void emit_joined(TaskBuild& build) {
    const Node& node = build.plan();
    build.script.about("process group", node.join_group);
    if (node.join_late)
        build.script.call("join it", SYS_setpgid, {0, node.join_group});
    for (uint32_t helper : node.reap_joined)
        build.script.call("wait for a helper", SYS_wait4,
                          {build.ctx.pids.nodes[helper].pid, 0, __WALL, 0});
}

void emit_helper_end(TaskBuild& build) {
    if (build.plan().waits_for_groups) {
        build.arrive(kTree);  // its group can be joined
        build.wait(kOpened);
    }
    build.script.call("end", SYS_exit_group, {0});
}

}  // namespace crtool::restore
