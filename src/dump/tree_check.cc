// See tree_check.h.
#include "dump/tree_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include "sys/namespaces.h"
#include "sys/proc_dir.h"

namespace crtool::dump {
namespace {

void check_namespace(std::string_view name, const sys::ProcDir& self,
                     std::span<const TaskProbe> tasks, Problems& problems) {
    std::string file = fmt::format("ns/{}", name);
    bool may_differ = name == "ipc";  // ipc_namespace.h
    std::optional<std::string> own =
        may_differ ? tasks.front().frozen.proc.link(file) : self.link(file);
    for (const TaskProbe& task : tasks) {
        if (task.zombie())
            continue;
        std::optional<std::string> theirs = task.frozen.proc.link(file);
        if (own && theirs && *own != *theirs)
            problems.add(task.pid(), fmt::format("namespace {}", *theirs),
                         fmt::format("is not {} own, and such are not carried yet",
                                     may_differ ? "the root's" : "crtool's"),
                         may_differ ? "start all of the tree in one"
                                    : "run crtool inside it, for example with nsenter(1)");
        // A pid namespace has no name before its first task.
        if (own && !theirs && task.frozen.proc.link("ns/pid"))
            problems.add(task.pid(), fmt::format("namespace {}", name),
                         "is a new one, and namespaces are not carried yet",
                         "start the program without one of its own");
    }
}

// A session or group that came from outside must be the root's own, and a shell job.
void check_ids(std::span<const TaskProbe> tasks, const Options& options, Problems& problems) {
    const image::Task& root = tasks.front().record;
    bool leads = root.sid() == root.pid();
    if (!leads && !options.shell_job)
        problems.add(root.pid(), fmt::format("session {}", root.sid()),
                     "is led from outside of the tree", "--shell-job, or dump its leader instead");
}

}  // namespace

void check_tree(std::span<const TaskProbe> tasks, const Options& options, Problems& problems) {
    sys::ProcDir self(::getpid());
    for (std::string_view name : sys::kNamespaces)
        check_namespace(name, self, tasks, problems);
    for (std::string_view name : {"pid_for_children", "time_for_children"})
        check_namespace(name, self, tasks, problems);
    check_ids(tasks, options, problems);
}

}  // namespace crtool::dump
