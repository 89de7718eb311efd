// See notify_calls.h.
#include "sys/notify_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <vector>

#include "base/error.h"

namespace crtool::sys {

UniqueFd make_inotify() {
    UniqueFd fd(::inotify_init1(IN_CLOEXEC));
    if (!fd.valid())
        fail_errno(errno, "cannot make an inotify instance");
    return fd;
}

UniqueFd make_fanotify(unsigned flags, unsigned event_flags) {
    UniqueFd fd(::fanotify_init(flags, event_flags));
    if (!fd.valid())
        fail_errno(errno, "cannot make a fanotify group with flags {:#x}", flags);
    return fd;
}

int add_watch(int inotify, const std::string& path, uint32_t mask) {
    int watch = ::inotify_add_watch(inotify, path.c_str(), mask);
    if (watch < 0)
        fail_errno(errno, "cannot watch {}", path);
    return watch;
}

void remove_watch(int inotify, int watch) {
    if (::inotify_rm_watch(inotify, watch) != 0)
        fail_errno(errno, "cannot remove watch {}", watch);
}

void add_mark(int fanotify, unsigned flags, uint64_t mask, const std::string& path) {
    if (::fanotify_mark(fanotify, FAN_MARK_ADD | flags, mask, AT_FDCWD, path.c_str()) != 0)
        fail_errno(errno, "cannot mark {}", path);
}

int unread_bytes(int fd) {
    int bytes = 0;
    if (::ioctl(fd, FIONREAD, &bytes) != 0)
        fail_errno(errno, "cannot ask how much there is to read");
    return bytes;
}

void forget_bytes(int fd, int bytes) {
    std::vector<char> buffer(static_cast<size_t>(bytes));
    ssize_t got = bytes == 0 ? 0 : ::read(fd, buffer.data(), buffer.size());
    if (got < 0)
        fail_errno(errno, "cannot read events");
}

}  // namespace crtool::sys
