// See live_script.h. The order is what matters here: everything that needs power or room comes
// before limits and credentials, everything that sends signals before they are flushed, everything
// that signals could disturb before actions and queues.
#include "restore/live_script.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>

#include "restore/birth_script.h"
#include "restore/continuation.h"
#include "restore/file_lock.h"
#include "restore/memory_script.h"
#include "restore/posix_mqueue_set.h"
#include "restore/process_script.h"
#include "restore/signal_script.h"
#include "restore/sleep_script.h"
#include "restore/stop_script.h"
#include "restore/sysv_ipc.h"
#include "restore/terminal_script.h"
#include "restore/thread_script.h"
#include "restore/timer_script.h"
#include "restore/zombie_script.h"

namespace crtool::restore {
namespace {

bool has_continued_child(const Context& ctx, const image::Task& task) {
    return std::ranges::any_of(ctx.children_of(task.pid()),
                               [](const image::Task* child) { return child->continuation(); });
}

void emit_opened(TaskBuild& build) {
    emit_foreground(build);
    emit_join(build);
    build.ctx.files.emit_open(build.task, build.script);
    emit_cpu_permissions(build);
    if (build.task.shares_vm() == 0) {
        emit_memory_after(build);
        emit_mm_layout(build);
    }
    build.arrive(kOpened);
    build.wait(kOpened);
    emit_joined(build);
}

void emit_shared(TaskBuild& build) {
    build.ctx.files.emit_share(build.task, build.script);
    build.arrive(kShared);
    build.wait(kShared);
    build.ctx.files.emit_link(build.task, build.script);
    build.ctx.files.emit_fs(build.task, build.script);
    emit_zombie_turns(build);
    if (has_continued_child(build.ctx, build.task))
        emit_flush(build, {SIGCHLD});
    build.script.about("files");
    if (build.task.shares_files() == 0)
        build.script.call("close what only the restore needs", SYS_close_range,
                          {build.ctx.service.range.first, build.ctx.service.range.last, 0});
}

void emit_signals(TaskBuild& build) {
    emit_actions(build);
    emit_shared_pending(build);
}

void emit_late(TaskBuild& build) {
    build.wait(kReady);
    if (has_stopped_child(build.ctx, build.task)) {
        emit_stopped_children(build);
        emit_signals(build);
    }
    build.script.about("task");
    if (needs_late_dumpable(build.ctx.own, build.task))
        emit_dumpable(build);
    build.arrive(kDone);
    if (build.task.state() == image::Task::STOPPED && !build.task.leader_exited())
        emit_stop(build, build.task.threads(0));
}

// Nobody traces this thread: the kernel clears the word when it has left user space for good
// (set_tid_address(2)), and only then may the arena go from under it.
void emit_leader_end(TaskBuild& build) {
    build.script.call("tell of its end", SYS_set_tid_address, {build.alive_word});
    build.script.call("exit", SYS_exit, {build.task.wait_status() >> 8 & 0xff});
}

// The leader's own part, or its end where only its threads live on (it has no registers then).
void emit_leader(TaskBuild& build) {
    const image::Thread& leader = build.task.threads(0);
    if (leader.exited())
        build.script.call("set its name", SYS_prctl,
                          {PR_SET_NAME, build.script.arena().put_string(leader.comm()), 0, 0, 0});
    else
        emit_thread_state(build, leader);
    build.arrive(kReady);
    if (has_late_part(build.ctx, build.task))
        emit_late(build);
    if (leader.exited())
        emit_leader_end(build);
    else
        emit_park(build, leader);
}

}  // namespace

bool has_late_part(const Context& ctx, const image::Task& task) {
    return task.state() == image::Task::STOPPED || needs_late_dumpable(ctx.own, task) ||
           has_stopped_child(ctx, task);
}

void emit_live(TaskBuild& build) {
    if (build.task.continuation())
        emit_continuation(build);
    emit_opened(build);
    emit_shared(build);
    build.ctx.ipc->emit_use(build);
    if (!build.ctx.early_threads.contains(build.task.pid()))
        emit_threads(build);
    build.arrive(kThreads);
    build.wait(kThreads);
    build.ctx.ipc->emit_last_use(build);
    emit_locks(build.task, build.script);
    build.ctx.mqueues->emit_notify(build);
    build.ctx.files.emit_async(build.task, build.script);
    if (!has_stopped_child(build.ctx, build.task))
        emit_signals(build);
    emit_timers(build);
    emit_process_flags(build);
    if (build.task.shares_vm() == 0)
        emit_memory_locks(build);
    emit_limits(build);
    emit_leader(build);
}

}  // namespace crtool::restore
