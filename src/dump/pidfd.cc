// pidfd_open(2): see proto/pidfd.proto.
#include "dump/pidfd.h"

#include <fmt/format.h>

#include "sys/pidfd.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {

bool matches_pidfd(const FdProbe& probe) {
    return anon_inode_type(probe.link) == "pidfd" || probe.link.starts_with("pidfd:");
}

void dump_pidfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    auto pid = probe.info.find("Pid");
    bool gone = !pid || pid->starts_with('-') || *pid == "0";
    image::Pidfd& pidfd = *file.mutable_pidfd();
    pidfd.set_of_thread((file.flags() & PIDFD_THREAD) != 0);
    file.set_flags(file.flags() & ~uint32_t{PIDFD_THREAD});
    if (sys::has_attributes(probe.fd))
        visit.refuse(probe, "a pidfd with extended attributes, which are not carried",
                     "remove them before the dump (fremovexattr(2))");
    if (gone) {
        // The upper half is the kernel's own.
        if (auto status = sys::exit_status_of(probe.fd))
            pidfd.set_exit_status(*status & 0xffff);
        return;
    }
    auto number = static_cast<uint32_t>(sys::fdinfo_number(*pid, 10));
    pidfd.set_pid(number);
    auto id = static_cast<pid_t>(number);
    if (!visit.processes.contains(id) && !visit.threads.contains(id))
        visit.refuse(probe,
                     fmt::format("a pidfd of {0} {1}, which is no {0} of the tree",
                                 pidfd.of_thread() ? "thread" : "process", number),
                     "close it before the dump");
}

}  // namespace crtool::dump
