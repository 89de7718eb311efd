// See posix_mqueue.h.
#include "restore/posix_mqueue.h"

#include <signal.h>
#include <sys/syscall.h>

namespace crtool::restore {

void emit_mqueue_notify(TaskBuild& build) {
    for (const image::PosixMqueue& queue : build.ctx.image.mqueues) {
        const image::PosixMqueue::Notify& notify = queue.notify();
        if (notify.pid() != build.task.pid())
            continue;
        sigevent event{};
        event.sigev_notify = static_cast<int>(notify.how());
        event.sigev_signo = static_cast<int>(notify.signal());
        event.sigev_value.sival_ptr = reinterpret_cast<void*>(notify.value());
        build.script.about("POSIX message queue", queue.id());
        build.script.call("register for its notification", SYS_mq_notify,
                          {notify.fd(), build.script.arena().put(event)});
    }
}

}  // namespace crtool::restore
