// pidfd_open(2): see proto/pidfd.proto.
#include "dump/pidfd.h"

#include <fcntl.h>
#include <fmt/format.h>

namespace crtool::dump {
namespace {

constexpr uint32_t kOfThread = O_EXCL;  // PIDFD_THREAD

}  // namespace

bool matches_pidfd(const FdProbe& probe) {
    return anon_inode_type(probe.link) == "pidfd" || probe.link.starts_with("pidfd:");
}

void dump_pidfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    auto pid = probe.info.find("Pid");
    bool gone = !pid || pid->starts_with('-') || *pid == "0";
    image::Pidfd& pidfd = *file.mutable_pidfd();
    pidfd.set_of_thread((file.flags() & kOfThread) != 0);
    file.set_flags(file.flags() & ~kOfThread);
    if (gone)
        return;
    auto number = static_cast<uint32_t>(sys::fdinfo_number(*pid, 10));
    pidfd.set_pid(number);
    if (!visit.processes.contains(static_cast<pid_t>(number)))
        visit.refuse(probe,
                     fmt::format("a pidfd of {} {}, which is no process of the tree",
                                 pidfd.of_thread() ? "thread" : "process", number),
                     "close it before the dump");
}

}  // namespace crtool::dump
