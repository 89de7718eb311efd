// timerfd_create(2): see proto/timerfd.proto.
#include "restore/timerfd.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

#include <algorithm>

namespace crtool::restore {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;
// TFD_IOC_SET_TICKS of linux/timerfd.h, which does not go together with libc's fcntl.h.
constexpr uint64_t kSetTicks = _IOW('T', 0, uint64_t);

timespec to_timespec(uint64_t ns) {
    return {static_cast<time_t>(ns / kSecond), static_cast<long>(ns % kSecond)};
}

uint64_t now(int clock) {
    timespec time = {};
    ::clock_gettime(clock, &time);
    return static_cast<uint64_t>(time.tv_sec) * kSecond + static_cast<uint64_t>(time.tv_nsec);
}

// What timerfd_settime(2) is to be given. A timer set to a time of day keeps that time; any other
// has left what it had.
uint64_t expiry(const image::Timerfd& timer) {
    if (timer.value_ns() == 0 || (timer.settime_flags() & TFD_TIMER_ABSTIME) == 0)
        return timer.value_ns();
    if (timer.expiry_ns() != 0)
        return timer.expiry_ns();
    return now(timer.clock()) + timer.value_ns();
}

}  // namespace

parasite::Ref make_timerfd(const FileBuild& build, const image::OpenFile& file, bool cloexec, int) {
    return build.script.call("make it", SYS_timerfd_create,
                             {file.timerfd().clock(), cloexec ? TFD_CLOEXEC : 0});
}

void fill_timerfd(const FileBuild& build, const image::OpenFile& file, int fd) {
    const image::Timerfd& timer = file.timerfd();
    if (timer.value_ns() != 0 || timer.interval_ns() != 0 || timer.settime_flags() != 0) {
        itimerspec value = {to_timespec(timer.interval_ns()), to_timespec(expiry(timer))};
        uint64_t address = build.script.arena().put(value);
        build.script.call("arm it", SYS_timerfd_settime, {fd, timer.settime_flags(), address, 0});
    }
    if (timer.ticks() != 0) {
        uint64_t ticks = build.script.arena().put<uint64_t>(timer.ticks());
        build.script.call("set its ticks", SYS_ioctl, {fd, kSetTicks, ticks});
    }
    set_status(build, file, fd);
}

}  // namespace crtool::restore
