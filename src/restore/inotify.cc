// inotify(7): see proto/inotify.proto.
#include "restore/inotify.h"

#include "base/error.h"
#include "sys/notify_calls.h"

namespace crtool::restore {
namespace {

constexpr uint32_t kAnyMask = 0x400;  // IN_DELETE_SELF
// Each number that is passed over leaves an event (IN_IGNORED) behind; queues are not endless.
constexpr uint32_t kMostUnread = 1024;

// The next number that the instance gives is `to`.
void pass_over(int inotify, uint32_t from, uint32_t to) {
    for (uint32_t wd = from; wd < to; wd++) {
        sys::remove_watch(inotify, sys::add_watch(inotify, "/", kAnyMask));
        if (wd % kMostUnread == 0 || wd + 1 == to)
            sys::forget_bytes(inotify, sys::unread_bytes(inotify));
    }
}

}  // namespace

sys::UniqueFd make_inotify_instance(const image::OpenFile&, const ServiceFds&) {
    return sys::make_inotify();
}

void add_inotify_watches(const image::OpenFile& file, int fd) {
    uint32_t next = 1;
    for (const image::InotifyWatch& watch : file.inotify().watches()) {
        ErrorContext context("watch", watch.wd());
        pass_over(fd, next, watch.wd());
        int got = sys::add_watch(fd, watch.path(), watch.mask());
        if (got != static_cast<int>(watch.wd()))
            fail(Errc::system, "{} gets number {}: two watches have led to one file since the dump",
                 watch.path(), got);
        next = watch.wd() + 1;
    }
}

}  // namespace crtool::restore
