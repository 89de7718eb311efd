// See namespaces.h.
#include "sys/namespaces.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

#include <memory>

#include "base/error.h"
#include "base/log.h"

namespace crtool::sys {
namespace {

UniqueFd own_ipc_namespace() {
    return open_at(AT_FDCWD, "/proc/thread-self/ns/ipc", O_RDONLY);
}

}  // namespace

IpcVisit::IpcVisit() : home_(own_ipc_namespace()) {
    if (::unshare(CLONE_NEWIPC) != 0)
        fail_errno(errno, "cannot make an IPC namespace");
}

IpcVisit::IpcVisit(int target) : home_(own_ipc_namespace()) {
    if (::setns(target, CLONE_NEWIPC) != 0)
        fail_errno(errno, "cannot enter an IPC namespace");
}

IpcVisit::~IpcVisit() {
    if (::setns(home_.get(), CLONE_NEWIPC) != 0)
        log::warn("crtool cannot leave an IPC namespace");
}

// A file system of a namespace is the same one however often it is mounted; this mount has no place
// and ends with its descriptor.
std::vector<std::string> list_posix_queues() {
    UniqueFd context(::fsopen("mqueue", FSOPEN_CLOEXEC));
    if (!context.valid() && errno == ENODEV)
        return {};
    UniqueFd mount;
    if (context.valid() && ::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == 0)
        mount.reset(::fsmount(context.get(), FSMOUNT_CLOEXEC, 0));
    if (!mount.valid())
        fail_errno(errno, "cannot look for POSIX message queues");
    UniqueFd fd = open_at(mount.get(), ".", O_RDONLY | O_DIRECTORY);
    std::unique_ptr<DIR, int (*)(DIR*)> dir(::fdopendir(fd.get()), ::closedir);
    if (!dir)
        fail_errno(errno, "cannot look for POSIX message queues");
    fd.release();
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(dir.get()))
        if (std::string_view name = entry->d_name; name != "." && name != "..")
            names.emplace_back(entry->d_name);
    return names;
}

}  // namespace crtool::sys
