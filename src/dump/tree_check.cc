// See tree_check.h.
#include "dump/tree_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include "sys/proc_dir.h"

namespace crtool::dump {
namespace {

constexpr const char* kNamespaces[] = {"ns/pid", "ns/mnt",  "ns/uts",  "ns/ipc",
                                       "ns/net", "ns/user", "ns/time", "ns/cgroup"};

void check_namespaces(std::span<const TaskProbe> tasks, Problems& problems) {
    sys::ProcDir self(::getpid());
    for (const char* name : kNamespaces) {
        std::optional<std::string> own = self.link(name);
        for (const TaskProbe& task : tasks) {
            if (task.zombie())
                continue;
            std::optional<std::string> theirs = task.frozen.proc.link(name);
            if (own && theirs && *own != *theirs)
                problems.add(task.pid(), fmt::format("namespace {}", *theirs),
                             "is not crtool's own, and namespaces are not carried yet",
                             "run crtool inside it, for example with nsenter(1)");
        }
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
    check_namespaces(tasks, problems);
    check_ids(tasks, options, problems);
}

}  // namespace crtool::dump
