// See terminal_script.h.
#include "restore/terminal_script.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>

namespace crtool::restore {

void emit_take_terminal(TaskBuild& build) {
    if (!build.plan().new_session || build.task.terminal() == 0)
        return;
    build.script.about("controlling terminal");
    build.script.call("take it", SYS_ioctl,
                      {build.ctx.service.terminals.at(build.task.terminal()), TIOCSCTTY, 0});
}

namespace {

// The tree of a shell job has the foreground again when it had it, unless crtool's group, which has
// it now, has become the tree's. Where crtool stands in the background it is not its to give.
void emit_job_foreground(TaskBuild& build) {
    const image::Image& image = build.ctx.image;
    uint32_t group = image.inventory.foreground();
    int fd = build.ctx.files.service().terminal;
    if (&build.task != &image.tasks.front() || group == 0 || fd < 0)
        return;
    PidPlanInput input{true, build.ctx.own.session, build.ctx.own.group};
    for (const image::Task& task : image.tasks)
        if (task.pgid() == group && restored_group(image, task, input) != group)
            return;
    build.script.about("terminal of the shell job");
    build.script.call("set its foreground group", SYS_ioctl,
                      {fd, TIOCSPGRP, build.script.arena().put(group)}, parasite::kAny);
}

}  // namespace

// All signals are blocked, so that a leader in the background is not stopped (SIGTTOU).
void emit_foreground(TaskBuild& build) {
    emit_job_foreground(build);
    auto session = build.ctx.session_terminals.find(build.task.sid());
    if (session == build.ctx.session_terminals.end())
        return;
    int fd = build.ctx.service.terminals.at(session->second->id());
    build.script.about("controlling terminal");
    if (build.task.terminal() == 0)
        build.script.call("give it up", SYS_ioctl, {fd, TIOCNOTTY, 0});
    uint32_t group = session->second->foreground();
    if (build.task.sid() == build.task.pid() && group != 0)
        build.script.call("set its foreground group", SYS_ioctl,
                          {fd, TIOCSPGRP, build.script.arena().put(group)});
}

}  // namespace crtool::restore
