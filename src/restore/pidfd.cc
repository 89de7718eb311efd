// pidfd_open(2): see proto/pidfd.proto.
#include "restore/pidfd.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/child.h"
#include "sys/pidfd.h"
#include "sys/uapi_compat.h"

namespace crtool::restore {
namespace {

uint32_t open_flags(const image::OpenFile& file) {
    return status_flags(file) | (file.pidfd().of_thread() ? PIDFD_THREAD : 0);
}

// Ends the calling process so that wait4(2) tells `status`, but for the bit of a core dump.
int end_like(uint32_t status) {
    auto signal = static_cast<int>(status & 0x7f);
    if (signal == 0)
        return static_cast<int>(status >> 8);
    ::prctl(PR_SET_DUMPABLE, 0);  // no core dump, whatever core_pattern is
    ::signal(signal, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::kill(::getpid(), signal);
    return 0;  // not reached: validate() lets pass only what kills
}

}  // namespace

parasite::Ref make_pidfd(const FileBuild& build, const image::OpenFile& file, bool cloexec, int) {
    uint32_t pid = file.pidfd().pid();
    if (pid == 0)
        return take_made(build, file, cloexec);
    parasite::Ref fd = build.script.call("open it", SYS_pidfd_open, {pid, open_flags(file)});
    // Always close-on-exec at first.
    if (!cloexec)
        build.script.call("keep it across exec", SYS_fcntl, {fd, F_SETFD, 0});
    return fd;
}

sys::UniqueFd make_dead_pidfd(const image::OpenFile& file, const ServiceFds&) {
    if (file.pidfd().pid() != 0)
        return {};
    sys::ChildProcess child = sys::ChildProcess::spawn(
        [status = file.pidfd().exit_status()] { return end_like(status); });
    sys::PidFd pidfd = sys::PidFd::with_flags(child.pid(), open_flags(file));
    child.wait();
    return pidfd.release();
}

}  // namespace crtool::restore
