// See tree.h.
#include "restore/tree.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "arch/x86_64/clone_into.h"
#include "arch/x86_64/protection_keys.h"
#include "arch/x86_64/raw_syscall.h"
#include "base/error.h"
#include "base/fault.h"
#include "parasite/blob_entry.h"
#include "restore/taken_ids.h"
#include "sys/signal_block.h"
#include "tracee/ptrace.h"

namespace crtool::restore {
namespace {

// How long the killed may take to be gone; then they are left to their killed state.
constexpr int kReapSteps = 5000;

int64_t raw_kill(pid_t pid, int signal) {
    return arch::raw_syscall(SYS_kill, static_cast<uint64_t>(pid), static_cast<uint64_t>(signal));
}

void pause() {
    timespec time{0, 1'000'000};
    nanosleep(&time, nullptr);
}

}  // namespace

Tree::Tree(const Context& ctx, const TaskScripts& scripts, bool sibling)
    : ctx_(ctx), scripts_(scripts), sibling_(sibling) {
    await_free_ids();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

Tree::~Tree() {
    if (alive_) {
        kill_all();
        reap_all();
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0);
}

void Tree::await_free_ids() const {
    FreeIds ids(ctx_.own.pid);
    for (const Node& node : ctx_.pids.nodes)
        if (node.pid != 0)
            ids.await(node.pid);
    for (const image::Task& task : ctx_.image.tasks)
        for (int index = 1; index < task.threads_size(); index++)
            ids.await(task.threads(index).tid());
}

void Tree::create() {
    fault::point("create the first process");
    auto* args = ctx_.arena.host<parasite::CloneArgs>(scripts_.first_clone_args());
    if (sibling_) {
        args->flags |= CLONE_PARENT;
        args->exit_signal = 0;
    }
    arch::take_all_key_rights();
    // Blocked in the child too: nothing may be delivered to it before it is itself.
    sys::SignalBlock all;
    int64_t pid = arch::clone_into(args, sizeof *args, ctx_.blob + parasite::kRestoreEntry,
                                   scripts_.nodes().front().script);
    const Node& first = ctx_.pids.nodes.front();
    if (pid < 0)
        fail_errno(static_cast<int>(-pid), "cannot create process {}", first.pid);
    alive_ = true;
    if (first.task == kNone)
        helper_ = static_cast<pid_t>(pid);
}

void Tree::seize_tasks(unsigned options) {
    fault::point("trace the tasks");
    for (const image::Task& task : ctx_.image.tasks) {
        bool ends = task.state() == image::Task::ZOMBIE || task.leader_exited();
        if (ends && !task.continuation())
            continue;
        auto pid = static_cast<pid_t>(task.pid());
        if (!tracee::seize(pid, options))
            fail(Errc::gone, "task {} ended while it was restored", pid);
        if (!ends)
            traced_.push_back(pid);
    }
}

void Tree::seize_threads(unsigned options) {
    fault::point("trace the threads");
    for (const image::Task& task : ctx_.image.tasks)
        for (int index = 1; index < task.threads_size(); index++) {
            auto tid = static_cast<pid_t>(task.threads(index).tid());
            if (!tracee::seize(tid, options))
                fail(Errc::gone, "thread {} ended while it was restored", tid);
            traced_.push_back(tid);
        }
}

void Tree::reap_helper() {
    if (helper_ == 0 || sibling_)
        return;
    arch::raw_syscall(SYS_wait4, static_cast<uint64_t>(helper_), 0, __WALL);
    helper_ = 0;
}

std::string Tree::unexpected_death() const {
    siginfo_t info{};
    int64_t result = arch::raw_syscall(SYS_waitid, P_ALL, 0, reinterpret_cast<uint64_t>(&info),
                                       WEXITED | WNOHANG | WNOWAIT | __WALL, 0);
    // A traced task's stop is reported too, asked for or not.
    bool ended =
        info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED;
    if (result != 0 || info.si_pid == 0 || info.si_pid == helper_ || !ended)
        return {};
    const char* how = info.si_code == CLD_EXITED ? "with status" : "by signal";
    return fmt::format("process {} ended {} {} while it was restored", info.si_pid, how,
                       info.si_status);
}

void Tree::let_go() {
    alive_ = false;
}

// A process is known to be of the tree when its script has run its first operation.
void Tree::kill_all() noexcept {
    for (const CompiledNode& node : scripts_.nodes())
        if (node.pid->result > 0)
            raw_kill(static_cast<pid_t>(node.pid->result), SIGKILL);
}

void Tree::reap_all() noexcept {
    for (int step = 0; step < kReapSteps; step++) {
        int64_t pid = arch::raw_syscall(SYS_wait4, static_cast<uint64_t>(-1), 0, __WALL | WNOHANG);
        if (pid == -ECHILD)
            return;
        if (pid > 0)
            continue;
        // Forked a moment ago by somebody who was then killed: it is known by now.
        kill_all();
        pause();
    }
}

}  // namespace crtool::restore
