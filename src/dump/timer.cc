// See timer.h.
#include "dump/timer.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "dump/inside.h"
#include "dump/thread.h"
#include "parasite/kernel_signals.h"

namespace crtool::dump {
namespace {

constexpr std::array<int, 3> kIntervalSignals{SIGALRM, SIGVTALRM, SIGPROF};  // by ITIMER_*

using Queue = google::protobuf::RepeatedPtrField<image::Siginfo>;

uint64_t nanoseconds(const timespec& time) {
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u +
           static_cast<uint64_t>(time.tv_nsec);
}

uint64_t microseconds(const timeval& time) {
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000u + static_cast<uint64_t>(time.tv_usec);
}

siginfo_t info_of(const image::Siginfo& signal) {
    siginfo_t info;
    std::memcpy(&info, signal.info().data(), sizeof info);
    return info;
}

bool is_of_timer(const image::Siginfo& signal, int timer) {
    siginfo_t info = info_of(signal);
    return info.si_code == SI_TIMER && info.si_timerid == timer;
}

bool has_signal(const Queue& queue, int number) {
    return std::ranges::any_of(
        queue, [&](const image::Siginfo& signal) { return info_of(signal).si_signo == number; });
}

// What the queues were before the timers were read, and are since.
struct Queues {
    std::vector<image::Siginfo> before;

    explicit Queues(const image::Task& record) {
        add(record.shared_pending());
        for (const image::Thread& thread : record.threads())
            add(thread.pending());
    }

    void add(const Queue& queue) { before.insert(before.end(), queue.begin(), queue.end()); }

    uint64_t mask() const {
        uint64_t mask = 0;
        for (const image::Siginfo& signal : before)
            mask |= uint64_t{1} << (info_of(signal).si_signo - 1);
        return mask;
    }

    // Interval timers signal the process.
    bool has_new(const image::Task& record, int number) const {
        return (mask() >> (number - 1) & 1) == 0 && has_signal(record.shared_pending(), number);
    }

    bool had(int timer) const {
        return std::ranges::any_of(
            before, [&](const image::Siginfo& signal) { return is_of_timer(signal, timer); });
    }
};

// Takes up signals that have come since the threads were stopped.
void refresh_pending(TaskProbe& task, const Queues& queues) {
    const TimerAnswers& timers = task.answers->timers;
    uint64_t pending = *task.session->arena().host<uint64_t>(timers.pending);
    for (size_t i = 0; i < task.threads.size(); i++) {
        bool told = std::ranges::any_of(timers.list, [&](const sys::PosixTimer& timer) {
            bool is_thread = (timer.notify & SIGEV_THREAD_ID) != 0;
            return is_thread ? timer.target == task.threads[i].tid : i == 0;
        });
        if (told || (i == 0 && (pending & ~queues.mask()) != 0))
            task.session->hold(i, [&] { record_pending(task, i); });
    }
}

bool take_from_queue(Queue& queue, int timer) {
    for (int i = 0; i < queue.size(); i++)
        if (is_of_timer(queue[i], timer)) {
            queue.DeleteSubrange(i, 1);
            return true;
        }
    return false;
}

// The pending signal of a periodic timer is the timer's own: it is queued once, and the timer armed
// again when it is taken. So it is not stored; the restored timer fires at once instead.
bool take_timer_signal(image::Task& record, int timer) {
    if (take_from_queue(*record.mutable_shared_pending(), timer))
        return true;
    for (image::Thread& thread : *record.mutable_threads())
        if (take_from_queue(*thread.mutable_pending(), timer))
            return true;
    return false;
}

bool has_timer_signal(const image::Task& record, int timer) {
    return Queues(record).had(timer);
}

void record_interval_timers(const TaskProbe& task, const Queues& queues, image::Task& record) {
    const auto* itimers = task.session->arena().host<itimerval>(task.answers->timers.itimers);
    for (uint32_t which = 0; which < kIntervalSignals.size(); which++) {
        uint64_t value = microseconds(itimers[which].it_value);
        uint64_t interval = microseconds(itimers[which].it_interval);
        // Armed when it was read, expired since: the signal in the queue is this expiry.
        if (value != 0 && queues.has_new(record, kIntervalSignals[which]))
            value = interval;
        // Expired, its signal pending, and to be armed again when that is taken: no value is left.
        if (value == 0 && interval != 0)
            value = 1;
        if (value == 0)
            continue;
        image::IntervalTimer* out = record.add_itimers();
        out->set_which(which);
        out->set_value_us(value);
        out->set_interval_us(interval);
    }
}

void record_posix_timer(const TaskProbe& task, size_t index, const Queues& queues,
                        image::Task& record) {
    const TimerAnswers& timers = task.answers->timers;
    const sys::PosixTimer& timer = timers.list[index];
    const itimerspec& value = task.session->arena().host<itimerspec>(timers.values)[index];
    image::PosixTimer* out = record.add_posix_timers();
    out->set_id(static_cast<uint32_t>(timer.id));
    out->set_clock(timer.clock);
    out->set_notify(static_cast<uint32_t>(timer.notify));
    out->set_signal(static_cast<uint32_t>(timer.signal));
    out->set_sigval(timer.sigev_value);
    out->set_thread(static_cast<uint32_t>(timer.target));
    out->set_value_ns(nanoseconds(value.it_value));
    out->set_interval_ns(nanoseconds(value.it_interval));
    if (out->interval_ns() != 0 && take_timer_signal(record, timer.id))
        out->set_value_ns(1);
    else if (!queues.had(timer.id) && has_timer_signal(record, timer.id))
        out->set_value_ns(0);
    out->set_overrun(
        static_cast<uint32_t>(task.answers->scripts.front().result(timers.overruns[index]).result));
}

}  // namespace

uint64_t timer_bytes(const TimerAnswers& timers) {
    return timers.list.size() * (3 * sizeof(parasite::Op) + sizeof(itimerspec));
}

void ask_timers(parasite::ScriptBuilder& script, TimerAnswers& out) {
    script.about("timers");
    out.itimers = script.arena().take(3 * sizeof(itimerval));
    for (uint64_t which : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF})
        script.call("read an interval timer", SYS_getitimer,
                    {which, out.itimers + which * sizeof(itimerval)});
    out.values = script.arena().take(out.list.size() * sizeof(itimerspec));
    for (size_t i = 0; i < out.list.size(); i++) {
        script.about("POSIX timer", out.list[i].id);
        script.call("read the timer", SYS_timer_gettime,
                    {out.list[i].id, out.values + i * sizeof(itimerspec)});
        out.overruns.push_back(
            script.call("read the overrun", SYS_timer_getoverrun, {out.list[i].id}));
    }
    script.about("timers");
    out.pending = script.arena().take(parasite::kKernelSigsetBytes);
    script.call("read the pending signals", SYS_rt_sigpending,
                {out.pending, parasite::kKernelSigsetBytes});
}

void record_timers(TaskProbe& task) {
    Queues queues(task.record);
    refresh_pending(task, queues);
    record_interval_timers(task, queues, task.record);
    for (size_t i = 0; i < task.answers->timers.list.size(); i++)
        record_posix_timer(task, i, queues, task.record);
}

}  // namespace crtool::dump
