// Checks of validate() about who is whose child, in which group and session, and who shares tables.
//
// The rules are those of fork(2), setpgid(2) and setsid(2): a state that the kernel cannot produce
// could not be planned either.
#include <unordered_map>

#include "image/validate_internal.h"

namespace crtool::image::checks {
namespace {

const Task& earlier_task(const Index& index, const Task& task, uint32_t pid, const char* what) {
    const Task* other = index.task(pid);
    if (other == nullptr)
        refuse("{} {} is not in the image", what, pid);
    if (index.position(*other) >= index.position(task))
        refuse("{} {} does not come before it", what, pid);
    if (other->state() == Task::ZOMBIE)
        refuse("{} {} is a zombie", what, pid);
    return *other;
}

void check_parent(const Index& index, const Task& task) {
    bool is_root = index.position(task) == 0;
    if (is_root && task.ppid() != 0)
        refuse("it is the root and has the parent {}", task.ppid());
    if (is_root && task.state() == Task::ZOMBIE)
        refuse("it is the root and a zombie");
    if (!is_root)
        earlier_task(index, task, task.ppid(), "its parent");
}

// A number that a thread other than a leader has can be no group or session.
void check_number(const Index& index, uint32_t id, const char* what) {
    if (id >= kMaxPid)
        refuse("its {} {} is no pid", what, id);
    // 0 is how one outside of the pid namespace looks.
    if (id == 0 && !index.image().inventory.shell_job())
        refuse("its {} is outside, but this is no shell job", what);
    uint32_t owner = index.owner_of_thread(id);
    if (owner != 0 && owner != id)
        refuse("its {} {} is a thread of task {}", what, id, owner);
}

void check_session(const Index& index, const Task& task) {
    check_number(index, task.sid(), "session");
    check_number(index, task.pgid(), "group");
    // setpgid(2) refuses a session leader.
    if (task.sid() == task.pid() && task.pgid() != task.pid())
        refuse("it leads its session, but is in the group {}", task.pgid());
    const Task* leader = index.task(task.sid());
    if (leader != nullptr && leader->sid() != task.sid())
        refuse("its session {} has a leader in another session", task.sid());
}

void check_sharing_of(const Index& index, const Task& task, uint32_t pid,
                      uint32_t (Task::*shares)() const, const char* what) {
    if (pid == 0)
        return;
    if (task.state() == Task::ZOMBIE)
        refuse("a zombie shares no {}", what);
    const Task& owner = earlier_task(index, task, pid, what);
    if ((owner.*shares)() != 0)
        refuse("it shares {} with {}, which has them from {}", what, pid, (owner.*shares)());
}

void check_sharing(const Index& index, const Task& task) {
    check_sharing_of(index, task, task.shares_vm(), &Task::shares_vm, "memory");
    check_sharing_of(index, task, task.shares_files(), &Task::shares_files, "descriptors");
    check_sharing_of(index, task, task.shares_fs(), &Task::shares_fs, "directories");
    check_sharing_of(index, task, task.shares_sighand(), &Task::shares_sighand, "handlers");
    // clone(2): CLONE_SIGHAND only together with CLONE_VM.
    if (task.shares_sighand() != 0 &&
        &index.owner_of_vm(task) != &index.owner_of_vm(*index.task(task.shares_sighand())))
        refuse("it shares handlers with {}, but not memory", task.shares_sighand());
}

}  // namespace

void check_tree(const Index& index) {
    std::unordered_map<uint32_t, uint32_t> session_of_group;
    for (const Task& task : index.image().tasks) {
        ErrorContext context("task", task.pid());
        check_known(task);
        check_parent(index, task);
        check_session(index, task);
        check_sharing(index, task);
        auto [group, fresh] = session_of_group.emplace(task.pgid(), task.sid());
        if (!fresh && group->second != task.sid())
            refuse("its group {} is in two sessions, {} and {}", task.pgid(), group->second,
                   task.sid());
    }
}

}  // namespace crtool::image::checks
