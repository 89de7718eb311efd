// See timer_script.h.
#include "restore/timer_script.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "sys/uapi_compat.h"

namespace crtool::restore {
namespace {

constexpr uint64_t kMicro = 1'000'000;
constexpr uint64_t kNano = 1'000'000'000;
// Without restorable ids a timer gets its number by making and deleting those before it.
constexpr uint32_t kMostSteps = 1 << 16;

struct Interval {
    uint64_t interval_seconds, interval_part, value_seconds, value_part;
};

// struct sigevent as the kernel has it.
struct Event {
    uint64_t value;
    int32_t signal;
    int32_t notify;
    int32_t thread;
    int32_t padding[11];
};

static_assert(sizeof(Event) == 64);

void emit_interval_timers(TaskBuild& build) {
    for (const image::IntervalTimer& timer : build.task.itimers()) {
        if (timer.value_us() == 0 && timer.interval_us() == 0)
            continue;
        build.script.about("interval timer", timer.which());
        uint64_t value = build.script.arena().put(
            Interval{timer.interval_us() / kMicro, timer.interval_us() % kMicro,
                     timer.value_us() / kMicro, timer.value_us() % kMicro});
        build.script.call("set it", SYS_setitimer, {timer.which(), value, 0});
    }
}

Event event_of(const image::PosixTimer& timer) {
    Event event{};
    event.value = timer.sigval();
    event.signal = static_cast<int32_t>(timer.signal());
    event.notify = static_cast<int32_t>(timer.notify());
    event.thread = static_cast<int32_t>(timer.thread());
    return event;
}

// Kernel < 6.15: ids count up in each task from 0; the timers before this one take and free theirs.
void emit_id_steps(TaskBuild& build, uint32_t from, uint32_t to) {
    if (to - from > kMostSteps)
        fail(Errc::unsupported, "task {}: POSIX timer {}: this kernel cannot give it its number",
             build.task.pid(), to);
    uint64_t event = build.script.arena().put(Event{0, 0, SIGEV_NONE, 0, {}});
    for (uint32_t id = from; id < to; id++) {
        uint64_t made = build.script.arena().put(uint32_t{0});
        build.script.call("pass over an id", SYS_timer_create, {CLOCK_MONOTONIC, event, made});
        build.script.call("pass over an id", SYS_timer_delete, {id});
    }
}

void emit_posix_timer(TaskBuild& build, const image::PosixTimer& timer) {
    build.script.about("POSIX timer", timer.id());
    uint64_t event = build.script.arena().put(event_of(timer));
    uint64_t id = build.script.arena().put(timer.id());
    build.script.call("create it", SYS_timer_create, {timer.clock(), event, id});
    if (timer.value_ns() == 0 && timer.interval_ns() == 0)
        return;
    uint64_t value =
        build.script.arena().put(Interval{timer.interval_ns() / kNano, timer.interval_ns() % kNano,
                                          timer.value_ns() / kNano, timer.value_ns() % kNano});
    build.script.call("set it", SYS_timer_settime, {timer.id(), 0, value, 0});
}

}  // namespace

void emit_timers(TaskBuild& build) {
    emit_interval_timers(build);
    if (build.task.posix_timers().empty())
        return;
    bool by_id = build.ctx.own.timer_ids;
    build.script.about("POSIX timers");
    if (by_id)
        build.script.call("ask for saved ids", SYS_prctl,
                          {PR_TIMER_CREATE_RESTORE_IDS, PR_TIMER_CREATE_RESTORE_IDS_ON, 0, 0, 0});
    std::vector<const image::PosixTimer*> timers;
    for (const image::PosixTimer& timer : build.task.posix_timers())
        timers.push_back(&timer);
    std::ranges::sort(timers, {}, [](const image::PosixTimer* timer) { return timer->id(); });
    uint32_t next = 0;
    for (const image::PosixTimer* timer : timers) {
        if (!by_id)
            emit_id_steps(build, next, timer->id());
        emit_posix_timer(build, *timer);
        next = timer->id() + 1;
    }
    build.script.about("POSIX timers");
    if (by_id)
        build.script.call("go back to new ids", SYS_prctl,
                          {PR_TIMER_CREATE_RESTORE_IDS, PR_TIMER_CREATE_RESTORE_IDS_OFF, 0, 0, 0});
}

}  // namespace crtool::restore
