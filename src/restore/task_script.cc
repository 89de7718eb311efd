// See task_script.h.
#include "restore/task_script.h"

#include <sys/syscall.h>

#include "base/error.h"
#include "restore/birth_script.h"
#include "restore/live_script.h"
#include "restore/spawn.h"
#include "restore/thread_script.h"
#include "restore/zombie_script.h"

namespace crtool::restore {

TaskScripts::TaskScripts(Context& ctx) : ctx_(ctx) {
    count_arrivals();
    ctx_.all_signals = ctx_.arena.put(~uint64_t{0});
    for (const image::Task& task : ctx_.image.tasks)
        if (task.state() == image::Task::ZOMBIE)
            ctx_.turns[task.pid()] = ctx_.arena.put(uint32_t{0});
    nodes_.resize(ctx_.pids.nodes.size());
    of_node_.resize(nodes_.size());
    // Whoever is forked stands behind its forker in the plan.
    for (auto node = static_cast<uint32_t>(nodes_.size()); node-- > 0;)
        compile(node);
    const Node& first = ctx_.pids.nodes.front();
    first_args_ = put_clone_args(
        ctx_.arena, {first.clone_flags, first.exit_signal, first.pid, nodes_.front().script});
}

void TaskScripts::count_arrivals() {
    for (const Node& node : ctx_.pids.nodes)
        ctx_.expected[kTree] += node.waits_for_groups ? 1 : 0;
    for (const image::Task& task : ctx_.image.tasks) {
        ctx_.expected[kTree]++;
        ctx_.expected[kOpened]++;
        if (task.state() == image::Task::ZOMBIE)
            continue;
        ctx_.expected[kShared]++;
        auto threads = static_cast<uint32_t>(task.threads_size());
        ctx_.expected[kThreads] += threads;
        ctx_.expected[kReady] += threads;
        if (has_late_part(ctx_, task))
            ctx_.expected[kDone]++;
    }
}

void TaskScripts::compile(uint32_t index) {
    const Node& node = ctx_.pids.nodes[index];
    static const image::Task kHelper;
    const image::Task& task = node.task == kNone ? kHelper : ctx_.image.tasks[node.task];
    parasite::ScriptBuilder& script = builders_.emplace_back(ctx_.arena, ctx_.steps, node.pid);
    of_node_[index] = &script;
    TaskBuild build{ctx_, task, index, script};
    parasite::Ref pid = script.call("ask for its id", SYS_getpid, {});
    emit_birth(build, [&](uint32_t forked) { return nodes_[forked].script; });
    if (node.task == kNone) {
        emit_helper_end(build);
        nodes_[index].script = script.finish(ctx_.board, node.pid);
        nodes_[index].pid = &script.result(pid);
        return;
    }
    parasite::Ref session = script.call("ask for its session", SYS_getsid, {0});
    if (task.state() != image::Task::ZOMBIE)
        ctx_.files.emit_listen(task, script);
    if (ctx_.early_threads.contains(task.pid()))
        emit_threads(build);
    build.arrive(kTree);
    build.wait(kTree);
    parasite::Ref parent = script.call("ask for its parent", SYS_getppid, {});
    if (task.state() == image::Task::ZOMBIE) {
        emit_join(build);
        build.arrive(kOpened);
        build.wait(kOpened);
        emit_joined(build);
        emit_zombie(build);
    } else {
        emit_live(build);
    }
    nodes_[index].script = build.finish(node.pid);
    nodes_[index].pid = &script.result(pid);
    nodes_[index].session = &script.result(session);
    nodes_[index].parent = &script.result(parent);
}

void TaskScripts::check_ids() const {
    PidPlanInput input{ctx_.options.shell_job, ctx_.own.session, ctx_.own.group};
    for (const image::Task& task : ctx_.image.tasks) {
        size_t index = static_cast<size_t>(&task - ctx_.image.tasks.data());
        const CompiledNode& node = nodes_[ctx_.pids.node_of_task[index]];
        if (node.pid->result != task.pid() ||
            node.session->result != restored_session(ctx_.image, task, input) ||
            (index != 0 && node.parent->result != task.ppid()))
            fail(Errc::internal,
                 "task {} came out as task {} of parent {} (wanted {}) in session {} (wanted {})",
                 task.pid(), node.pid->result, node.parent->result, task.ppid(),
                 node.session->result, task.sid());
    }
}

void TaskScripts::check_descriptors() const {
    for (size_t index = 0; index < ctx_.image.tasks.size(); index++) {
        const image::Task& task = ctx_.image.tasks[index];
        if (task.state() != image::Task::ZOMBIE)
            ctx_.files.check_numbers(task, *of_node_[ctx_.pids.node_of_task[index]]);
    }
}

}  // namespace crtool::restore
