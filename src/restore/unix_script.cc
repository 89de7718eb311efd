// The steps of a plan that are about unix sockets (fd_plan.h), as operations.
#include <sys/syscall.h>

#include "base/error.h"
#include "restore/fd_plan.h"
#include "restore/files.h"
#include "restore/unix_socket.h"

namespace crtool::restore {

void Files::emit_unix_step(const FdStep& step, const TablePlan& table,
                           parasite::ScriptBuilder& script) const {
    FileBuild build = {*this, script};
    switch (step.what) {
        case FdStep::Do::make_ends:
            script.about("unix socket", step.from);
            make_unix_ends(build, plan_->sockets.units[step.id], step.from, step.to, step.cloexec);
            return;
        case FdStep::Do::send: {
            std::vector<int> carried;
            if (step.to >= 0)
                for (int planned : table.carried[static_cast<size_t>(step.to)])
                    carried.push_back(number(planned));
            script.about("unix socket", step.from);
            send_unix_queue(build, file(step.id), step.from < 0 ? -1 : number(step.from), carried);
            return;
        }
        case FdStep::Do::await_turn:
            script.about("unix sockets");
            script.call("wait for its turn to connect", parasite::kWaitFor,
                        {service_.unix.turn, step.id});
            return;
        case FdStep::Do::end_turn:
            script.about("unix sockets");
            script.call("hand on its turn to connect", parasite::kPost,
                        {service_.unix.turn, step.id});
            return;
        default:
            fail(Errc::internal, "step {} of a plan is unknown", static_cast<int>(step.what));
    }
}

void Files::emit_listen(const image::Task& task, parasite::ScriptBuilder& script) const {
    auto at = plan_->listens.find(task.pid());
    if (at == plan_->listens.end())
        return;
    FileBuild build = {*this, script};
    script.about("unix sockets");
    for (const TablePlan::Listen& listen : at->second) {
        if (listen.file != 0) {
            const image::UnixSocket& socket = file(listen.file).unix_socket();
            parasite::Ref fd = take_held(build, service_.unix.sockets.at(listen.file), true);
            emit_unix_listen(build, &socket.peer_creds(), fd, socket.backlog());
            script.call("close it", SYS_close, {fd});
        } else {
            const UnixListener& listener = plan_->sockets.listeners[listen.listener];
            emit_unix_listen(build, listener.creds, service_.unix.listeners[listen.listener], 1);
        }
    }
}

}  // namespace crtool::restore
