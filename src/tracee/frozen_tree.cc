// See frozen_tree.h.
#include "tracee/frozen_tree.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <ranges>
#include <thread>

#include "arch/x86_64/restart.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "tracee/refusal.h"

namespace crtool::tracee {
namespace {

using Clock = std::chrono::steady_clock;

// Waits for a report with a deadline. A stop usually comes within microseconds, so the first looks
// follow each other closely.
WaitStatus wait_until(pid_t tid, Clock::time_point deadline, const std::atomic<bool>& cancelled) {
    for (int look = 0;; look++) {
        if (std::optional<WaitStatus> status = try_wait(tid))
            return *status;
        if (cancelled)
            fail(Errc::cancelled, "interrupted while the tree was being stopped");
        if (look < 200) {
            std::this_thread::yield();
            continue;
        }
        if (Clock::now() > deadline)
            fail_errno(ETIMEDOUT,
                       "thread {} does not stop: it may be in uninterruptible sleep (state D) or "
                       "waiting for a vfork child; try again later or raise --timeout",
                       tid);
        std::this_thread::sleep_for(std::chrono::microseconds(look < 1000 ? 50 : 1000));
    }
}

// Waits for the stop that PTRACE_INTERRUPT asked for, or the end of the thread.
WaitStatus settle_thread(pid_t tid, Clock::time_point deadline,
                         const std::atomic<bool>& cancelled) {
    for (;;) {
        WaitStatus status = wait_until(tid, deadline, cancelled);
        if (status.ended() || status.is_event_stop())
            return status;
        // On its way to take a signal: let it. That stop may have taken the place of the one that
        // was asked for (ptrace_stop() of the kernel forgets it), so that is asked for again.
        interrupt(tid);
        resume(tid, status.is_signal_delivery() ? status.stop_signal() : 0);
    }
}

// A leader that has exited keeps its identity; the address space shows in a live thread alone.
void look_through_thread(FrozenTask& task) {
    task.proc = sys::ProcDir(task.threads.front().tid);
    sys::TaskStat stat = sys::parse_stat(task.proc.read("stat"));
    stat.pid = task.stat.pid;
    stat.comm = task.stat.comm;
    stat.state = task.stat.state;
    stat.exit_signal = task.stat.exit_signal;
    stat.exit_code = task.stat.exit_code;
    task.stat = std::move(stat);
}

// Nobody but us has interrupted the call, unless a signal is there to be taken, and that is for the
// kernel to say: from these registers it makes the call again or lets it end with EINTR.
void leave_call_to_kernel(pid_t tid) {
    Registers registers = get_registers(tid);
    if (arch::is_restarting(registers)) {
        std::array<std::byte, arch::kCallSiteBytes> code{};
        read_memory(tid, registers.rip - code.size(), code);
        return set_registers(tid, arch::with_own_call(registers, code));
    }
    Registers repaired = arch::with_restart_unless_handled(registers);
    if (repaired.rax != registers.rax)
        set_registers(tid, repaired);
}

}  // namespace

FrozenTree::FrozenTree(pid_t root, std::chrono::milliseconds timeout,
                       const std::atomic<bool>& cancelled,
                       std::optional<sys::CgroupFreezer> freezer)
    : deadline_(timeout.count() == 0 ? Clock::time_point::max() : Clock::now() + timeout),
      cancelled_(cancelled),
      freezer_(std::move(freezer)) {
    try {
        seize_frozen(root);
        size_t level = 0;
        while (level < tasks_.size()) {
            size_t end = tasks_.size();
            for (size_t i = level; i < end; i++)
                settle(tasks_[i]);
            for (size_t i = level; i < end; i++)
                add_children(i);
            level = end;
        }
        // Orphans of a task that died meanwhile have gone to a subreaper that was read before.
        bool found = tasks_.size() > 1;
        while (found) {
            found = false;
            size_t end = tasks_.size();
            for (size_t i = 0; i < end; i++)
                found = add_children(i) || found;
            for (size_t i = end; i < tasks_.size(); i++)
                settle(tasks_[i]);
        }
        if (tasks_.front().zombie())
            fail(Errc::unsupported, "task {} has exited already: there is nothing to dump", root);
        std::erase_if(tasks_, &FrozenTask::gone);
    } catch (...) {
        detach_all();
        throw;
    }
}

// With a freezer the whole tree is seized while it is held: nobody moves, so every list is exact.
void FrozenTree::seize_frozen(pid_t root) {
    if (freezer_) {
        frozen_before_ = freezer_->frozen();
        freezer_->freeze();
    } else {
        freezer_ = sys::CgroupFreezer::holding(root);
        frozen_before_ = freezer_.has_value();
    }
    if (freezer_ && !freezer_->wait_frozen(std::chrono::seconds(5)))
        fail_errno(ETIMEDOUT, "cgroup {} does not freeze", freezer_->directory());
    add_task(open_root(root));
    if (!freezer_)
        return;
    for (size_t i = 0; i < tasks_.size(); i++)
        add_children(i);
    fault::point("thaw the cgroup");
    freezer_->thaw();
}

void FrozenTree::refreeze() noexcept {
    try {
        if (freezer_ && frozen_before_)
            freezer_->freeze();
        else if (freezer_)
            freezer_->thaw();
    } catch (const Error& error) {
        log::warn("cgroup {}: {}", freezer_->directory(), error.what());
    }
}

FrozenTree::~FrozenTree() {
    if (!released_)
        detach_all();
}

void FrozenTree::add_task(sys::ProcDir proc) {
    fault::point("seize a task");
    pid_t pid = proc.pid();
    tasks_.push_back({.pid = pid, .proc = std::move(proc), .stat = {}, .threads = {}});
    seize_threads(tasks_.back());
}

void FrozenTree::seize_threads(FrozenTask& task) {
    for (pid_t tid : task.proc.threads()) {
        if (known_.contains(tid))
            continue;
        fault::point("seize a thread");
        try {
            if (!seize(tid, PTRACE_O_TRACESYSGOOD))
                continue;
        } catch (const Error& error) {
            if (error.err() != EPERM)
                throw;
            // A zombie cannot be seized, nor can what another tracer has.
            std::optional<std::string> stat = task.proc.try_read(fmt::format("task/{}/stat", tid));
            if (!stat || sys::parse_stat(*stat).state == 'Z' || sys::parse_stat(*stat).state == 'X')
                continue;
            explain_refusal(task.proc);
        }
        interrupt(tid);
        task.threads.push_back({.tid = tid});
        known_.insert(tid);
        unsettled_.insert(tid);
    }
}

// Waits until all threads stand; threads that were born meanwhile are seized too.
void FrozenTree::settle(FrozenTask& task) {
    size_t done = 0;
    while (done < task.threads.size()) {
        for (; done < task.threads.size(); done++) {
            FrozenThread& thread = task.threads[done];
            WaitStatus status = settle_thread(thread.tid, deadline_, cancelled_);
            unsettled_.erase(thread.tid);
            if (status.ended()) {
                thread.tid = 0;
                continue;
            }
            leave_call_to_kernel(thread.tid);
            if (status.is_group_stop()) {
                thread.stopped_by_job_control = true;
                thread.stop_signal = status.stop_signal();
            }
        }
        seize_threads(task);
    }
    std::erase_if(task.threads, [](const FrozenThread& thread) { return thread.tid == 0; });
    std::ranges::sort(task.threads, {}, [&](const FrozenThread& thread) {
        return thread.tid == task.pid ? 0 : thread.tid;
    });
    task.gone = task.zombie() && !task.proc.exists();
    if (task.gone)
        return;
    task.stat = sys::parse_stat(task.proc.read("stat"));
    // /proc/PID of a leader that has exited shows no memory and no files; a live thread's does.
    if (task.leader_exited())
        look_through_thread(task);
}

bool FrozenTree::add_children(size_t index) {
    std::vector<pid_t> children = tasks_[index].proc.children();
    bool found = false;
    for (pid_t child : children) {
        if (!known_task_.insert(child).second)
            continue;
        if (std::optional<sys::ProcDir> proc = sys::ProcDir::try_open(child)) {
            add_task(std::move(*proc));
            found = true;
        }
    }
    return found;
}

void FrozenTree::thaw() {
    fault::point("let the tree go");
    released_ = true;
    detach_all();
}

void FrozenTree::thaw_stopped() {
    for (const FrozenTask& task : tasks_)
        if (!task.zombie() && !task.threads.front().stopped_by_job_control)
            ::kill(task.pid, SIGSTOP);
    released_ = true;
    detach_all();
}

void FrozenTree::kill() {
    released_ = true;
    if (freezer_ && frozen_before_)
        log::info("cgroup {} stays thawed: its tasks are killed", freezer_->directory());
    for (const FrozenTask& task : tasks_)
        ::kill(task.pid, SIGKILL);
    // The leader's end can be waited for only when its threads have been (wait4(2),
    // delay_group_leader).
    for (const FrozenTask& task : tasks_)
        for (const FrozenThread& thread : std::views::reverse(task.threads))
            try {
                while (!wait(thread.tid).ended()) {
                }
            } catch (const Error&) {
                // Reaped with its group already.
            }
}

void FrozenTree::detach_all() noexcept {
    released_ = true;
    refreeze();
    for (const FrozenTask& task : tasks_) {
        for (const FrozenThread& thread : task.threads) {
            try {
                // What cannot be stopped now is detached by the kernel when crtool ends.
                if (unsettled_.contains(thread.tid)) {
                    auto soon = Clock::now() + std::chrono::milliseconds(200);
                    if (!settle_thread(thread.tid, soon, std::atomic<bool>{false}).is_event_stop())
                        continue;
                    leave_call_to_kernel(thread.tid);
                }
                detach(thread.tid);
            } catch (const Error& error) {
                log::warn("{}", error.what());
            }
        }
    }
}

}  // namespace crtool::tracee
