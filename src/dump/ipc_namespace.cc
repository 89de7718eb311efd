// See ipc_namespace.h.
#include "dump/ipc_namespace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <unordered_set>

#include "base/fault.h"
#include "sys/file_calls.h"
#include "sys/ipc_settings.h"
#include "sys/proc_dir.h"
#include "sys/proc_mountinfo.h"

namespace crtool::dump {
namespace {

constexpr const char* kFile = "ns/ipc";
constexpr const char* kRunInside =
    "run crtool inside it, for dump and restore: nsenter(1) with --ipc";

std::string object_of(const std::string& link) {
    return fmt::format("namespace {}", link);
}

// Threads may be in others.
void check_threads(const std::string& link, std::span<const TaskProbe> tasks, Problems& problems) {
    for (const TaskProbe& task : tasks)
        for (const tracee::ThreadState& thread : task.threads) {
            if (thread.tid == task.pid())  // see tree_check.cc
                continue;
            auto its = task.frozen.proc.link(fmt::format("task/{}/{}", thread.tid, kFile));
            if (its && *its != link)
                problems.add(task.pid(),
                             fmt::format("thread {} in {}", thread.tid, object_of(*its)),
                             fmt::format("is in another one than the tree's first task, {}, which "
                                         "is not carried",
                                         link),
                             "start all of the tree in one");
        }
}

// `own`: of the namespace's file.
void check_outsiders(const std::string& link, const struct stat& own,
                     std::span<const TaskProbe> tasks, Problems& problems) {
    std::unordered_set<pid_t> inside;
    for (const TaskProbe& task : tasks)
        inside.insert(task.pid());
    sys::UniqueFd proc = sys::open_at(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY);
    for (int pid : sys::list_numbers(proc.get())) {
        if (inside.contains(pid))
            continue;
        auto its = sys::try_stat_at(proc.get(), fmt::format("{}/{}", pid, kFile), 0);
        if (!its || its->st_ino != own.st_ino)
            continue;
        problems.add(tasks.front().pid(), object_of(link),
                     fmt::format("is also that of process {}, which is outside of the tree", pid),
                     kRunInside);
        return;
    }
}

void check_mounts(const std::string& link, std::span<const TaskProbe> tasks, Problems& problems) {
    for (const sys::MountInfo& mount :
         sys::parse_mountinfo(sys::ProcDir(::getpid()).read("mountinfo")))
        if (mount.fs_type == "nsfs" && mount.root == link)
            problems.add(
                tasks.front().pid(), object_of(link),
                fmt::format("is mounted on {}, and goes on without the tree", mount.mount_point),
                kRunInside);
}

}  // namespace

void IpcNamespace::look(std::span<const TaskProbe> tasks, Problems& problems) {
    fault::point("look at the IPC namespace");
    const TaskProbe& root = tasks.front();
    if (root.zombie())
        return;
    sys::ProcDir thread = root.frozen.proc.thread(root.threads.front().tid);
    std::optional<std::string> link = thread.link(kFile);
    if (!link || link == sys::ProcDir(::getpid()).link(kFile))
        return;
    check_threads(*link, tasks, problems);
    sys::UniqueFd file = thread.open(kFile, O_RDONLY);
    check_outsiders(*link, sys::stat_fd(file.get()), tasks, problems);
    check_mounts(*link, tasks, problems);
    visit_.emplace(file.get());
    read_settings();
}

void IpcNamespace::add_queues(PosixMqueueSet& queues, pid_t root) const {
    if (!is_own())
        return;
    for (const std::string& name : sys::list_posix_queues())
        queues.add_named(name, root);
}

void IpcNamespace::read_settings() {
    for (const sys::IpcSetting& setting : sys::kIpcSettings) {
        auto values = sys::read_ipc_setting(setting);
        if (!values)
            continue;
        image::IpcNamespace::Setting& record = *record_.add_settings();
        record.set_name(setting.name);
        record.mutable_values()->Add(values->begin(), values->end());
    }
}

void IpcNamespace::save(image::Writer& writer) const {
    if (!is_own())
        return;
    image::FileRecord record;
    *record.mutable_ipc_namespace() = record_;
    writer.add(record);
}

}  // namespace crtool::dump
