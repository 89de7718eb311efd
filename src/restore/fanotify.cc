// fanotify(7): see proto/fanotify.proto.
#include "restore/fanotify.h"

#include <sys/fanotify.h>

#include <ranges>

#include "base/error.h"
#include "sys/notify_calls.h"

namespace crtool::restore {
namespace {

constexpr unsigned kEvictable = 0x200;  // FAN_MARK_EVICTABLE, kernel 5.19
constexpr unsigned kIgnore = 0x400;     // FAN_MARK_IGNORE, kernel 6.0
constexpr unsigned kType = FAN_MARK_MOUNT | FAN_MARK_FILESYSTEM;

}  // namespace

sys::UniqueFd make_fanotify_group(const image::OpenFile& file, const ServiceFds&) {
    return sys::make_fanotify(file.fanotify().init_flags(), file.fanotify().event_flags());
}

void add_fanotify_marks(const image::OpenFile& file, int fd) {
    // The kernel lists the newest first.
    for (const image::FanotifyMark& mark : std::views::reverse(file.fanotify().marks())) {
        unsigned type = mark.flags() & kType;
        if (mark.mask() != 0)
            sys::add_mark(fd, type | (mark.flags() & kEvictable), mark.mask(), mark.path());
        unsigned how = (mark.flags() & kIgnore) != 0 ? kIgnore : FAN_MARK_IGNORED_MASK;
        if (mark.ignored_mask() != 0)
            sys::add_mark(fd, type | how | (mark.flags() & FAN_MARK_IGNORED_SURV_MODIFY),
                          mark.ignored_mask(), mark.path());
    }
}

}  // namespace crtool::restore
