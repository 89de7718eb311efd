// pidfd_open(2): see proto/pidfd.proto.
#include "restore/pidfd.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include "sys/child.h"
#include "sys/pidfd.h"
#include "sys/uapi_compat.h"

namespace crtool::restore {
namespace {

uint32_t open_flags(const image::OpenFile& file) {
    return status_flags(file) | (file.pidfd().of_thread() ? PIDFD_THREAD : 0);
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
    sys::ChildProcess child = sys::ChildProcess::spawn([] { return 0; });
    sys::PidFd pidfd = sys::PidFd::with_flags(child.pid(), open_flags(file));
    child.wait();
    return pidfd.release();
}

}  // namespace crtool::restore
