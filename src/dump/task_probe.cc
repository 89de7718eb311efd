// See task_probe.h. Identity, limits and the like; one read of each /proc file.
#include "dump/task_probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>

#include "arch/x86_64/amx.h"
#include "base/error.h"
#include "base/fault.h"
#include "dump/inside.h"
#include "dump/pages.h"
#include "sys/pidfd.h"
#include "sys/proc_limits.h"
#include "sys/read_ahead.h"

namespace crtool::dump {
namespace {

// Threads whose status is read in one go; a helper is worth it for some of them.
constexpr size_t kThreadsPerJob = 16;
constexpr size_t kJobsPerHelper = 4;

long read_number(const sys::ProcDir& proc, const char* name, int base) {
    std::string text = proc.try_read(name).value_or("");
    long value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
}

void record_identity(TaskProbe& task, pid_t root) {
    const sys::TaskStat& stat = task.frozen.stat;
    image::Task& record = task.record;
    record.set_pid(static_cast<uint32_t>(stat.pid));
    record.set_ppid(stat.pid == root ? 0 : static_cast<uint32_t>(stat.ppid));
    record.set_pgid(static_cast<uint32_t>(stat.pgrp));
    record.set_sid(static_cast<uint32_t>(stat.session));
    record.set_exit_signal(static_cast<uint32_t>(stat.exit_signal));
    record.set_comm(stat.comm);
    if (task.zombie()) {
        record.set_state(image::Task::ZOMBIE);
        record.set_wait_status(static_cast<uint32_t>(stat.exit_code) & 0xffff);
        return;
    }
    if (task.frozen.leader_exited()) {
        std::string name = fmt::format("task/{}/stat", task.pid());
        record.set_leader_exited(true);
        record.set_wait_status(
            static_cast<uint32_t>(sys::parse_stat(task.frozen.proc.read(name)).exit_code) & 0xffff);
    }
}

// A task that was found stopped may have been continued by one that was frozen after it. A stop
// takes SIGCONT out of all queues of a task, so that one in a queue came later (signal(7)).
void record_stop(TaskProbe& task) {
    constexpr uint64_t kContinue = uint64_t{1} << (SIGCONT - 1);
    const tracee::FrozenThread& first = task.frozen.threads.front();
    bool continued = std::ranges::any_of(task.statuses, [](const sys::TaskStatus& status) {
        return ((status.sig_pending | status.shd_pending) & kContinue) != 0;
    });
    if (!first.stopped_by_job_control || continued)
        return;
    task.record.set_state(image::Task::STOPPED);
    task.record.set_stop_signal(static_cast<uint32_t>(first.stop_signal));
}

void record_limits(TaskProbe& task) {
    for (const sys::Limit& limit : sys::parse_limits(task.frozen.proc.read("limits"))) {
        image::Limit* record = task.record.add_limits();
        record->set_soft(limit.soft);
        record->set_hard(limit.hard);
    }
}

// A kernel without an audit log has no such file.
void record_loginuid(TaskProbe& task) {
    constexpr uint32_t kUnset = ~uint32_t{0};
    std::optional<std::string> text = task.frozen.proc.try_read("loginuid");
    auto uid = text ? static_cast<uint32_t>(std::stoul(*text)) : kUnset;
    if (uid != kUnset)
        task.record.set_loginuid(uid);
}

void record_numbers(TaskProbe& task) {
    const sys::ProcDir& proc = task.frozen.proc;
    task.record.set_oom_score_adj(static_cast<int32_t>(read_number(proc, "oom_score_adj", 10)));
    task.record.set_coredump_filter(
        static_cast<uint32_t>(read_number(proc, "coredump_filter", 16)));
    record_loginuid(task);
    task.record.set_umask(task.statuses.front().umask);
}

void read_statuses(TaskProbe& task, size_t first) {
    for (size_t i = first; i < std::min(first + kThreadsPerJob, task.statuses.size()); i++) {
        std::string name = fmt::format("task/{}/status", task.frozen.threads[i].tid);
        task.statuses[i] = sys::parse_status(task.frozen.proc.read(name));
    }
}

void check_cpu_state(const TaskProbe& task, size_t i, Problems& problems) {
    auto refuse = [&](const char* reason, const char* way_out) {
        problems.add(task.pid(), fmt::format("thread {}", task.frozen.threads[i].tid), reason,
                     way_out);
    };
    if (task.threads[i].registers.cs == tracee::kCompatCs)
        refuse("runs 32-bit code, which is not carried yet", "use a 64-bit build of the program");
    if (arch::uses_tiles(task.threads[i].xstate))
        refuse("holds data in AMX tiles, which are not carried yet",
               "dump it while it does not compute with them");
}

void look_at_threads(TaskProbe& task, Problems& problems) {
    size_t count = task.frozen.threads.size();
    task.statuses.resize(count);
    sys::ReadAhead statuses((count + kThreadsPerJob - 1) / kThreadsPerJob,
                            count / (kThreadsPerJob * kJobsPerHelper),
                            [&](size_t job) { read_statuses(task, job * kThreadsPerJob); });
    for (size_t i = 0; i < count; i++) {
        fault::point("read the state of a thread");
        if (i % kThreadsPerJob == 0)
            statuses.await(i / kThreadsPerJob);
        task.threads.push_back(tracee::capture(task.frozen.threads[i].tid));
        check_cpu_state(task, i, problems);
    }
}

// The descriptors of a task are had by a pidfd, which the first thread has no table for any more.
void check_leader(const TaskProbe& task, Problems& problems) {
    if (task.frozen.leader_exited() && !sys::PidFd::can_be_of_thread())
        problems.add(task.pid(), fmt::format("thread {}", task.pid()),
                     "has ended as the first of its process, and this kernel gives nobody the "
                     "descriptors of the others",
                     "a kernel of 6.9 or later does");
}

}  // namespace

TaskProbe::TaskProbe(const tracee::FrozenTask& task) : frozen(task) {}

TaskProbe::~TaskProbe() = default;
TaskProbe::TaskProbe(TaskProbe&&) noexcept = default;

void look(TaskProbe& task, pid_t root, Problems& problems) {
    ErrorContext context("task", task.pid());
    fault::point("read the task's /proc files");
    record_identity(task, root);
    if (task.zombie()) {
        task.statuses.push_back(sys::parse_status(task.frozen.proc.read("status")));
        return;
    }
    look_at_threads(task, problems);
    check_leader(task, problems);
    record_stop(task);
    record_limits(task);
    record_numbers(task);
}

}  // namespace crtool::dump
