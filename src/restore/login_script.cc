// See login_script.h.
#include "restore/login_script.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include "base/log.h"

namespace crtool::restore {
namespace {

uint32_t loginuid_of(const image::Task& task) {
    return task.has_loginuid() ? task.loginuid() : kNoLoginuid;
}

// A task that is still to live, not a zombie or one of the restore's helpers.
const image::Task* lasting_task(const Context& ctx, const Node& node) {
    if (node.task == kNone)
        return nullptr;
    const image::Task& task = ctx.image.tasks[node.task];
    return task.state() == image::Task::ZOMBIE ? nullptr : &task;
}

uint32_t inherited_loginuid(const Context& ctx, const Node& node) {
    for (uint32_t at = node.forker; at != kNone; at = ctx.pids.nodes[at].forker)
        if (const image::Task* task = lasting_task(ctx, ctx.pids.nodes[at]))
            return loginuid_of(*task);
    return ctx.own.loginuid;
}

// Who has none may take one, once (audit_set_loginuid in the kernel).
bool may_set(const OwnState& own) {
    constexpr int kAuditControl = 30;  // CAP_AUDIT_CONTROL
    return own.loginuid == kNoLoginuid || (own.status.cap_effective >> kAuditControl & 1) != 0;
}

}  // namespace

void emit_loginuid(TaskBuild& build) {
    const image::Task* task = lasting_task(build.ctx, build.plan());
    if (task == nullptr || loginuid_of(*task) == inherited_loginuid(build.ctx, build.plan()))
        return;
    if (!may_set(build.ctx.own))
        return log::warn("task {} gets crtool's login uid, {}: changing it takes CAP_AUDIT_CONTROL",
                         task->pid(), build.ctx.own.loginuid);
    parasite::ScriptBuilder& script = build.script;
    std::string text = std::to_string(loginuid_of(*task));
    script.about("login uid");
    parasite::Ref fd = script.call(
        "open its file", SYS_openat,
        {AT_FDCWD, script.arena().put_string("/proc/self/loginuid"), O_WRONLY | O_CLOEXEC, 0});
    script.call("set it", SYS_write, {fd, script.arena().put_string(text), text.size()});
    script.call("close its file", SYS_close, {fd});
}

}  // namespace crtool::restore
