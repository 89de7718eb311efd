// See inet_socket.h.
#include "restore/inet_socket.h"

#include <fcntl.h>
#include <sys/syscall.h>

namespace crtool::restore {

parasite::Ref make_inet_socket(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                               int) {
    const ServiceFds& service = build.files.service();
    parasite::Ref fd = build.script.call("take it from crtool", SYS_pidfd_getfd,
                                         {service.coordinator, service.inet.at(file.id()), 0});
    // pidfd_getfd(2) sets close-on-exec.
    if (!cloexec)
        build.script.call("clear close-on-exec", SYS_fcntl, {fd, F_SETFD, 0});
    return fd;
}

void fill_inet_socket(const FileBuild& build, const image::OpenFile& file, int fd) {
    set_status(build, file, fd);
}

}  // namespace crtool::restore
