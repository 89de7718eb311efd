// timerfd_create(2): see proto/timerfd.proto.
#include "dump/timerfd.h"

#include <fcntl.h>
#include <sys/timerfd.h>
#include <time.h>

#include <algorithm>

#include "sys/file_calls.h"

namespace crtool::dump {
namespace {

std::string_view field(const sys::FdInfo& info, std::string_view key) {
    auto value = info.find(key);
    if (!value)
        fail(Errc::internal, "no {} in the fdinfo of a timerfd", key);
    return *value;
}

// "settime flags: 01": the key ends at the blank.
std::string_view settime_flags(const sys::FdInfo& info) {
    std::string_view value = field(info, "settime");
    value.remove_prefix(std::min(value.size(), std::string_view("flags: ").size()));
    return value;
}

void read_state(const sys::FdInfo& info, image::Timerfd& timer) {
    timer.set_clock(static_cast<int32_t>(sys::fdinfo_number(field(info, "clockid"), 10)));
    timer.set_ticks(sys::fdinfo_number(field(info, "ticks"), 10));
    timer.set_settime_flags(static_cast<uint32_t>(sys::fdinfo_number(settime_flags(info), 8)));
    timer.set_value_ns(parse_fdinfo_time(field(info, "it_value")));
    timer.set_interval_ns(parse_fdinfo_time(field(info, "it_interval")));
}

// The kernel stops a periodic timer when it expires and goes on when somebody looks at it: only
// then are the periods counted, and the next expiry is known (fs/timerfd.c).
void settle(const FdProbe& probe, image::Timerfd& timer) {
    if (timer.interval_ns() == 0 || timer.value_ns() != 0 || timer.ticks() == 0)
        return;
    sys::settle_timerfd(probe.fd);
    std::string text = sys::read_file_at(AT_FDCWD, fmt::format("/proc/self/fdinfo/{}", probe.fd));
    read_state(sys::parse_fdinfo(text), timer);
    // At this very moment it may expire again: 0 would mean disarmed.
    timer.set_value_ns(std::max<uint64_t>(timer.value_ns(), 1));
}

bool is_time_of_day(const image::Timerfd& timer) {
    bool realtime = timer.clock() == CLOCK_REALTIME || timer.clock() == CLOCK_REALTIME_ALARM;
    return realtime && (timer.settime_flags() & TFD_TIMER_ABSTIME) != 0 && timer.value_ns() != 0;
}

uint64_t now() {
    timespec time = {};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u +
           static_cast<uint64_t>(time.tv_nsec);
}

}  // namespace

bool matches_timerfd(const FdProbe& probe) {
    return anon_inode_type(probe.link) == "timerfd";
}

void dump_timerfd(const FileVisit&, const FdProbe& probe, image::OpenFile& file) {
    image::Timerfd& timer = *file.mutable_timerfd();
    read_state(probe.info, timer);
    settle(probe, timer);
    if (is_time_of_day(timer))
        timer.set_expiry_ns(now() + timer.value_ns());
}

}  // namespace crtool::dump
