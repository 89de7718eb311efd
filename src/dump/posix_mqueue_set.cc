// See posix_mqueue_set.h.
#include "dump/posix_mqueue_set.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "sys/file_calls.h"
#include "sys/proc_dir.h"

namespace crtool::dump {
namespace {

// More than any limit but root's lets a queue hold; it has to be mapped into a task.
constexpr uint64_t kMostBytes = 256U << 20;

uint64_t nanoseconds(const timespec& time) {
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

std::pair<dev_t, ino_t> inode_of(const struct stat& st) {
    return {st.st_dev, st.st_ino};
}

std::string name_of(const FdProbe& probe) {
    std::string_view link = probe.link;
    if (probe.st.st_nlink == 0)
        link = before_deleted(link).value_or(link);
    return std::string(link.substr(link.rfind('/') + 1));
}

bool is_same_by_name(const std::string& name, const struct stat& st) {
    auto fd = sys::try_open_mqueue(name, O_RDONLY);
    return fd && inode_of(sys::stat_fd(fd->get())) == inode_of(st);
}

// Whose descriptors the task has.
const image::Task& table_of(const TaskProbe& task, std::span<const TaskProbe> tasks) {
    for (const TaskProbe& other : tasks)
        if (task.record.shares_files() == static_cast<uint32_t>(other.pid()))
            return other.record;
    return task.record;
}

// A descriptor of one of these open files; −1: there is none.
int descriptor_in(const image::Task& table, const std::vector<uint32_t>& files) {
    for (const image::Fd& fd : table.fds())
        if (std::ranges::find(files, fd.file()) != files.end())
            return static_cast<int>(fd.fd());
    return -1;
}

// What a process has open under links that are asked for; nothing of one that is about to go.
template <typename IsAskedFor>
std::vector<struct stat> named_files(pid_t pid, const IsAskedFor& is_asked_for) {
    std::vector<struct stat> found;
    try {
        sys::ProcDir dir(pid);
        for (int fd : dir.fds()) {
            std::string number = fmt::format("fd/{}", fd);
            auto link = dir.link(number);
            if (!link || !is_asked_for(*link))
                continue;
            if (auto st = sys::try_stat_at(dir.fd(), number, 0))
                found.push_back(*st);
        }
    } catch (const Error& error) {
        log::debug("process {}: {}", pid, error.what());
    }
    return found;
}

bool has_pending(const TaskProbe& task, int signal) {
    return std::ranges::any_of(task.statuses, [&](const sys::TaskStatus& status) {
        return ((status.sig_pending | status.shd_pending) >> (signal - 1) & 1) != 0;
    });
}

// Sending one of these does more than to make it pending.
bool acts_at_once(int signal) {
    constexpr int kSignals[] = {SIGKILL, SIGSTOP, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU};
    return std::ranges::find(kSignals, signal) != std::end(kSignals);
}

}  // namespace

uint32_t PosixMqueueSet::add(const FdProbe& probe, uint32_t file) {
    auto [at, is_new] =
        ids_.try_emplace(inode_of(probe.st), static_cast<uint32_t>(entries_.size()) + 1);
    if (is_new) {
        Entry& entry = entries_.emplace_back();
        entry.task = probe.task;
        entry.object = object_text(probe.proc_name, probe.link);
        entry.name = name_of(probe);
        entry.fd = probe.reopen(O_RDWR);
        entry.st = probe.st;
        records_.emplace_back().set_id(at->second);
    }
    entries_[at->second - 1].files.push_back(file);
    return at->second;
}

void PosixMqueueSet::add_named(const std::string& name, pid_t task) {
    auto fd = sys::try_open_mqueue(name, O_RDWR);
    if (!fd)
        fail(Errc::gone, "POSIX message queue /{} has gone", name);
    struct stat st = sys::stat_fd(fd->get());
    auto [at, is_new] = ids_.try_emplace(inode_of(st), static_cast<uint32_t>(entries_.size()) + 1);
    if (!is_new)
        return;
    Entry& entry = entries_.emplace_back();
    entry.task = task;
    entry.object = "POSIX message queue /" + name;
    entry.name = name;
    entry.fd = std::move(*fd);
    entry.st = st;
    records_.emplace_back().set_id(at->second);
}

void PosixMqueueSet::look(std::span<const TaskProbe> tasks, Problems& problems) {
    for (; looked_ < entries_.size(); looked_++)
        look_at(entries_[looked_], records_[looked_], tasks, problems);
    check_holders(tasks, problems);
    users_.reset();
}

void PosixMqueueSet::look_at(Entry& entry, image::PosixMqueue& record,
                             std::span<const TaskProbe> tasks, Problems& problems) {
    fault::point("look at a POSIX message queue");
    const struct stat& st = entry.st;
    record.set_name(entry.name);
    record.set_unlinked(st.st_nlink == 0);
    record.set_mode(st.st_mode & 07777);
    record.set_uid(st.st_uid);
    record.set_gid(st.st_gid);
    record.set_atime_ns(nanoseconds(st.st_atim));
    record.set_mtime_ns(nanoseconds(st.st_mtim));
    sys::MqueueState state = sys::mqueue_state(entry.fd.get());
    record.set_max_messages(state.room.max_messages);
    record.set_message_size(state.room.message_size);
    if (!record.unlinked() && !is_same_by_name(entry.name, st))
        return problems.add(entry.task, entry.object,
                            "a POSIX message queue of another IPC namespace",
                            "close it before the dump");
    sys::MqueueNotify notify = sys::mqueue_notify(entry.fd.get());
    sys::set_times(entry.fd.get(), st.st_atim, st.st_mtim);
    if (state.messages == 0 && notify.pid == 0 && !record.unlinked())
        return;
    if (pid_t user = user_outside(entry, tasks); user != 0) {
        record.set_shared(true);
        if (record.unlinked())
            problems.add(entry.task, entry.object,
                         fmt::format("a POSIX message queue without a name that process {}, "
                                     "outside of the tree, has open, too",
                                     user),
                         "dump a tree that has them both");
    } else if (state.messages != 0) {
        entry.question = {state.messages, state.room.message_size, -1, SIGEV_NONE, 0};
        entry.asked = tasks.front().pid();
        if (state.messages * state.room.message_size > kMostBytes)
            problems.add(entry.task, entry.object,
                         fmt::format("a POSIX message queue with {} messages of up to {} bytes",
                                     state.messages, state.room.message_size),
                         "let the program read some of them before the dump");
    }
    if (notify.pid != 0)
        look_at_notify(entry, notify, record, tasks, problems);
}

void PosixMqueueSet::look_at_notify(Entry& entry, const sys::MqueueNotify& notify,
                                    image::PosixMqueue& record, std::span<const TaskProbe> tasks,
                                    Problems& problems) const {
    auto refuse = [&](std::string reason, const char* way_out, Lasts lasts = Lasts::on) {
        problems.add(entry.task, entry.object, "a POSIX message queue that " + std::move(reason),
                     way_out, lasts);
    };
    auto owner = std::ranges::find(tasks, notify.pid, &TaskProbe::pid);
    if (owner == tasks.end()) {
        if (!record.shared())
            refuse(fmt::format("notifies process {}, outside of the tree", notify.pid),
                   "dump a tree that has it, too, or end that process");
        return;
    }
    const image::Task& table = table_of(*owner, tasks);
    int fd = descriptor_in(table, entry.files);
    bool by_signal = notify.how == SIGEV_SIGNAL && notify.signal != 0;
    bool by_thread = notify.how == SIGEV_THREAD;
    if (fd < 0)
        refuse("notifies a process that does not have it open",
               "let that process open it before the dump");
    else if ((by_signal || by_thread) && record.shared())
        refuse(
            "notifies by a signal or a thread, which only the notification tells, and that "
            "others use, too",
            "stop those outside of the tree that have it open");
    else if (by_signal && acts_at_once(notify.signal))
        refuse(fmt::format("notifies by signal {}, whose value cannot be found out", notify.signal),
               "let the program use another signal");
    else if (by_signal && has_pending(*owner, notify.signal))
        refuse(fmt::format("notifies by signal {}, which is pending already", notify.signal),
               "let the program take the signal", Lasts::a_moment);
    image::PosixMqueue::Notify& out = *record.mutable_notify();
    out.set_pid(static_cast<uint32_t>(notify.pid));
    out.set_fd(static_cast<uint32_t>(fd));
    out.set_how(static_cast<uint32_t>(notify.how));
    if (!entry.question && !by_signal && !by_thread)
        return;
    if (!entry.question)
        entry.question = {0, record.message_size(), -1, 0, 0};
    entry.question->own_fd = fd;
    entry.question->how = notify.how;
    entry.question->signal = notify.signal;
    if (by_thread)
        entry.question->sockets = holders_in(table);
    entry.asked = notify.pid;
}

// One descriptor of each.
std::vector<int> PosixMqueueSet::holders_in(const image::Task& table) const {
    std::map<uint32_t, int> found;
    for (const image::Fd& fd : table.fds())
        if (holders_.contains(fd.file()))
            found.try_emplace(fd.file(), static_cast<int>(fd.fd()));
    std::vector<int> fds;
    fds.reserve(found.size());
    for (const auto& [file, fd] : found)
        fds.push_back(fd);
    return fds;
}

// A cookie that no descriptor of its process leads to could not be had back.
void PosixMqueueSet::check_holders(std::span<const TaskProbe> tasks, Problems& problems) const {
    std::map<pid_t, std::vector<const Entry*>> by_thread;
    for (const Entry& entry : entries_)
        if (entry.question && entry.question->how == SIGEV_THREAD)
            by_thread[entry.asked].push_back(&entry);
    if (by_thread.empty())
        return;
    uint64_t each = sys::cookie_memory();
    for (const auto& [pid, entries] : by_thread) {
        const image::Task& table = table_of(*std::ranges::find(tasks, pid, &TaskProbe::pid), tasks);
        uint64_t held = 0;
        for (const auto& [file, bytes] : holders_)
            if (descriptor_in(table, {file}) >= 0)
                held += bytes;
        if (held < entries.size() * each)
            problems.add(pid, entries.front()->object,
                         "a POSIX message queue that notifies by a netlink socket (SIGEV_THREAD) "
                         "that its process has closed, or that has joined groups",
                         "let the program ask for the notification anew (mq_notify(3))");
    }
}

pid_t PosixMqueueSet::user_outside(const Entry& entry, std::span<const TaskProbe> tasks) {
    if (!users_)
        look_outside(tasks);
    auto found = users_->find(inode_of(entry.st));
    return found == users_->end() ? 0 : found->second;
}

void PosixMqueueSet::look_outside(std::span<const TaskProbe> tasks) {
    users_.emplace();
    std::unordered_set<pid_t> known = {::getpid()};
    for (const TaskProbe& task : tasks)
        known.insert(task.pid());
    std::unordered_set<std::string_view> names;
    for (const Entry& entry : entries_)
        names.insert(entry.name);
    auto is_asked_for = [&](std::string_view link) {
        std::string_view name = link.substr(link.rfind('/') + 1);
        return names.contains(name) || names.contains(before_deleted(name).value_or(name));
    };
    sys::UniqueFd proc = sys::open_at(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY);
    for (pid_t pid : sys::list_numbers(proc.get())) {
        if (known.contains(pid))
            continue;
        for (const struct stat& st : named_files(pid, is_asked_for))
            users_->emplace(inode_of(st), pid);
    }
}

uint64_t PosixMqueueSet::bytes(const TaskProbe& task) const {
    uint64_t bytes = 0;
    for (const Entry& entry : entries_)
        if (entry.question && entry.asked == task.pid())
            bytes += mqueue_bytes(*entry.question);
    return bytes;
}

void PosixMqueueSet::ask(std::vector<TaskProbe>& tasks, Problems& problems) {
    for (size_t i = 0; i < entries_.size(); i++) {
        Entry& entry = entries_[i];
        if (!entry.question)
            continue;
        TaskProbe& task = *std::ranges::find(tasks, entry.asked, &TaskProbe::pid);
        if (task.session->shut())
            problems.add(task.pid(), entry.object,
                         "a POSIX message queue, and the task has no descriptor to spare for "
                         "crtool to read it",
                         "raise its RLIMIT_NOFILE (prlimit(1))");
        else
            ask_one(entry, records_[i], task);
    }
}

// Nothing may come between start and finish: the script is not to be stopped halfway.
void PosixMqueueSet::ask_one(Entry& entry, image::PosixMqueue& record, TaskProbe& task) {
    ErrorContext context("POSIX message queue", record.id());
    parasite::Session& session = *task.session;
    parasite::ScriptBuilder script(session.arena(), session.steps(), task.pid());
    script.about("POSIX message queue", record.id());
    parasite::Ref fd = session.receive_fd(script);
    MqueueAnswer answer = emit_mqueue_questions(*entry.question, fd, script);
    session.start(0, script.finish());
    session.send_fd(entry.fd.get());
    session.finish(0);
    sys::set_times(entry.fd.get(), entry.st.st_atim, entry.st.st_mtim);
    record_mqueue_answers(answer, script, record);
}

}  // namespace crtool::dump
