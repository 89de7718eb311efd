// See visit.h.
#include "dump/visit.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "base/fault.h"
#include "dump/foothold.h"
#include "dump/inside.h"
#include "dump/memory_policy.h"
#include "dump/pages.h"
#include "sys/file_calls.h"

namespace crtool::dump {
namespace {

// Enough for the room in the file to be one extent, few enough for the tasks to start early.
constexpr uint64_t kPagesPerBatch = 1024;

parasite::Confinement confinement_of(const TaskProbe& task, const SeccompTable& filters) {
    return {
        .seccomp = std::ranges::any_of(
            task.statuses, [](const sys::TaskStatus& status) { return status.seccomp_mode != 0; }),
        .may_leave = std::ranges::all_of(task.record.threads(), [&](const image::Thread& thread) {
            return filters.lets_blob_leave(thread);
        })};
}

// A write beyond RLIMIT_FSIZE would fail and leave the task a SIGXFSZ.
bool limits_file_size(const image::Task& task) {
    return task.limits(RLIMIT_FSIZE).soft() != RLIM_INFINITY;
}

// Two for the control socket, one for the pages file.
bool has_spare_descriptors(const TaskProbe& task, const std::vector<TaskProbe>& tasks) {
    constexpr uint64_t kNeeded = 3;
    const image::Task* owner = &task.record;
    for (const TaskProbe& other : tasks)
        if (task.record.shares_files() == static_cast<uint32_t>(other.pid()))
            owner = &other.record;
    uint64_t limit = task.record.limits(RLIMIT_NOFILE).soft();
    uint64_t used = 0;
    for (const image::Fd& fd : owner->fds())
        used += fd.fd() < limit ? 1 : 0;
    return used + kNeeded <= limit;
}

// The kernel notes CPU and memory-map ids in the rseq area of a thread whenever it has been moved.
std::vector<uint64_t> rseq_pages(const TaskProbe& task, const std::vector<TaskProbe>& tasks) {
    std::vector<uint64_t> pages;
    for (const TaskProbe& other : tasks) {
        if (&other != &task && other.record.shares_vm() != static_cast<uint32_t>(task.pid()))
            continue;
        for (const tracee::ThreadState& thread : other.threads)
            if (thread.rseq.address != 0)
                for (uint64_t byte :
                     {thread.rseq.address, thread.rseq.address + thread.rseq.size - 1})
                    pages.push_back(byte & ~(parasite::kPageBytes - 1));
    }
    std::ranges::sort(pages);
    pages.erase(std::ranges::unique(pages).begin(), pages.end());
    return pages;
}

bool has_locked_memory(std::string_view status) {
    size_t at = status.find("\nVmLck:");
    size_t digit = status.find_first_of("0123456789", at);
    return at != std::string_view::npos && status[digit] != '0';
}

// mlockall(MCL_FUTURE) shows only in what is mapped after it: crtool's own arena.
void look_for_future_locks(TaskProbe& task) {
    if (task.areas.empty() || !has_locked_memory(task.frozen.proc.read("status")))
        return;
    for (const sys::Area& area : sys::parse_maps(task.frozen.proc.read("smaps")))
        if (area.start == task.session->address() && area.flags.has(sys::VmFlag::lo))
            task.record.mutable_mm()->set_def_flags_mlock(
                area.flags.has(sys::VmFlag::lf) ? MCL_FUTURE | MCL_ONFAULT : MCL_FUTURE);
}

}  // namespace

Visit::Visit(std::vector<TaskProbe>& tasks, const SeccompTable& filters, SemUndo& undo,
             PosixMqueueSet& mqueues, EventfdSet& eventfds, uint64_t queue_room,
             parasite::Steps& steps)
    : tasks_(tasks),
      undo_(undo),
      mqueues_(mqueues),
      eventfds_(eventfds),
      children_(live_children(tasks)),
      queue_room_(std::max(queue_room, mqueues.bytes(tasks.front()))) {
    Footholds footholds(tasks);
    for (TaskProbe& task : tasks) {
        if (task.zombie())
            continue;
        ErrorContext context("task", task.pid());
        bool shut = !has_spare_descriptors(task, tasks);
        task.answers = std::make_unique<InsideAnswers>();
        task.answers->timers.list = sys::parse_timers(task.frozen.proc.read("timers"));
        if (task.record.shares_vm() == 0)
            task.pages = std::make_unique<PagePlan>(
                scan_pages(task, shut || limits_file_size(task.record), rseq_pages(task, tasks)));
        uint64_t queues = &task == &tasks.front() ? queue_room_ : mqueues.bytes(task);
        uint64_t bytes = parasite::Session::bytes(
            task.threads, inside_bytes(task, children_[task.pid()].size()) + undo.bytes(task) +
                              queues + eventfds.bytes(task) +
                              (task.pages ? page_bytes(*task.pages) : 0));
        task.session = std::make_unique<parasite::Session>(task.pid(), footholds.of(task, bytes),
                                                           confinement_of(task, filters), shut,
                                                           task.threads, bytes, steps);
        sessions_.push_back(task.session.get());
    }
}

Visit::~Visit() {
    for (TaskProbe& task : tasks_)
        task.session.reset();
}

void Visit::enter() {
    parasite::Session::open(sessions_);
    for (TaskProbe& task : tasks_)
        if (task.session != nullptr)
            look_for_future_locks(task);
}

void Visit::ask(Problems& problems) {
    for (TaskProbe& task : tasks_) {
        if (task.session == nullptr)
            continue;
        emit_questions(task, tasks_, children_[task.pid()]);
        if (task.pages != nullptr)
            emit_find_zeros(*task.pages, task.answers->scripts.front());
        for (size_t i = 0; i < task.answers->scripts.size(); i++) {
            undo_.ask(task, i, task.answers->scripts[i]);
            task.session->start(i, task.answers->scripts[i].finish());
        }
    }
    for (TaskProbe& task : tasks_) {
        if (task.session == nullptr)
            continue;
        for (size_t i = 0; i < task.threads.size(); i++)
            task.session->finish(i);
        record_answers(task, tasks_);
        undo_.answer(task, tasks_, problems);
    }
    record_area_policies(tasks_, problems);
    if (problems.empty())
        eventfds_.ask(tasks_, problems);
}

// A queue that came out of the queue of a socket is a question to the root.
void Visit::ask_queues(uint64_t& queue_room, Problems& problems) {
    if (uint64_t needed = mqueues_.bytes(tasks_.front()); needed > queue_room_) {
        queue_room = needed;
        fail(Errc::busy, "a POSIX message queue is only in the queue of a socket");
    }
    mqueues_.ask(tasks_, problems);
}

// The pages of some tasks are placed, then room for all of them is made in the file at once, then
// the tasks write while the next ones are placed.
void Visit::write_pages(image::PageWriter& writer, const std::atomic<bool>& cancelled) {
    std::unordered_map<uint32_t, TaskProbe*> by_pid;
    for (TaskProbe& task : tasks_)
        by_pid.emplace(task.record.pid(), &task);
    FrameTable frames;
    FrameTable* shared = sessions_.size() > 1 ? &frames : nullptr;
    auto place = [&](TaskProbe& task) -> uint64_t {
        if (task.pages == nullptr)
            return 0;
        auto parent = by_pid.find(task.record.ppid());
        place_pages(task, parent == by_pid.end() ? nullptr : parent->second, shared, writer);
        return task.pages->written_pages;
    };
    auto next = tasks_.begin();
    while (next != tasks_.end()) {
        auto batch = next;
        uint64_t first = writer.reserve(0);
        uint64_t pages = 0;
        while (next != tasks_.end() && pages < kPagesPerBatch)
            pages += place(*next++);
        fault::point("allocate the pages file");
        sys::allocate(writer.fd(), first * parasite::kPageBytes, pages * parasite::kPageBytes);
        for (; batch != next; ++batch)
            start_writing(*batch, writer);
    }
    finish_writing(writer, cancelled);
}

void Visit::finish_writing(image::PageWriter& writer, const std::atomic<bool>& cancelled) {
    for (TaskProbe& task : tasks_) {
        if (task.pages == nullptr)
            continue;
        if (task.pages->written_pages > 0)
            task.session->finish(0);
        finish_pages(task, writer);
        if (cancelled)
            fail(Errc::cancelled, "interrupted");
    }
}

void Visit::start_writing(TaskProbe& task, image::PageWriter& writer) {
    if (task.pages == nullptr || task.pages->written_pages == 0)
        return;
    parasite::ScriptBuilder script(task.session->arena(), task.session->steps(), task.pid());
    parasite::Ref fd = task.session->receive_fd(script);
    emit_write(*task.pages, script, fd);
    task.session->start(0, script.finish());
    task.session->send_fd(writer.fd());
}

void Visit::forget() {
    for (parasite::Session* session : sessions_)
        session->forget_task();
}

void Visit::leave() {
    parasite::Session::close(sessions_);
}

}  // namespace crtool::dump
