// Checks of validate() about handlers, pending signals and timers of a task.
#include <signal.h>

#include <set>

#include "image/validate_internal.h"

namespace crtool::image::checks {
namespace {

void check_actions(const Task& task) {
    if (task.shares_sighand() != 0 && !task.actions().empty())
        refuse("it has handlers of its own and shares those of {}", task.shares_sighand());
    uint64_t seen = 0;
    for (const SignalAction& action : task.actions()) {
        check_known(action);
        check_signal(action.signal(), "a handler for");
        if (action.signal() == SIGKILL || action.signal() == SIGSTOP)
            refuse("a handler for {}, which cannot have one", action.signal());
        uint64_t bit = uint64_t{1} << (action.signal() - 1);
        if ((seen & bit) != 0)
            refuse("two handlers for signal {}", action.signal());
        seen |= bit;
    }
}

void check_interval_timers(const Task& task) {
    std::set<uint32_t> seen;
    for (const IntervalTimer& timer : task.itimers()) {
        ErrorContext context("interval timer", timer.which());
        check_known(timer);
        if (timer.which() > 2 || !seen.insert(timer.which()).second)
            refuse("there is no such timer, or there are two");
        check_offset(timer.value_us(), "its value");
        check_offset(timer.interval_us(), "its interval");
    }
}

// SIGEV_THREAD is a matter of libc: the kernel delivers it like SIGEV_SIGNAL.
void check_notification(const Task& task, const PosixTimer& timer) {
    switch (timer.notify()) {
        case SIGEV_NONE:
            return check_signal_or_none(timer.signal(), "its signal");
        case SIGEV_SIGNAL:
        case SIGEV_THREAD:
            return check_signal(timer.signal(), "its signal");
        case SIGEV_THREAD_ID:
            check_signal(timer.signal(), "its signal");
            for (const Thread& thread : task.threads()) {
                if (thread.tid() == timer.thread() && !thread.exited())
                    return;
            }
            refuse("it is for the thread {}, which the task has not", timer.thread());
        default:
            refuse("its SIGEV_ number {} is not known", timer.notify());
    }
}

void check_posix_timers(const Task& task) {
    std::set<uint32_t> seen;
    for (const PosixTimer& timer : task.posix_timers()) {
        ErrorContext context("POSIX timer", timer.id());
        check_known(timer);
        if (timer.id() > 0x7fffffff || !seen.insert(timer.id()).second)
            refuse("its id is no id, or another one has it");
        check_notification(task, timer);
        check_offset(timer.value_ns(), "its value");
        check_offset(timer.interval_ns(), "its interval");
        if (timer.overrun() > 0x7fffffff)
            refuse("its overrun is {}", timer.overrun());
    }
}

}  // namespace

void check_siginfo(const Siginfo& info) {
    check_known(info);
    if (info.info().size() != sizeof(siginfo_t))
        refuse("a pending signal has {} bytes instead of {}", info.info().size(),
               sizeof(siginfo_t));
    uint32_t signal = 0;
    info.info().copy(reinterpret_cast<char*>(&signal), sizeof(signal));  // si_signo comes first
    check_signal(signal, "the pending signal");
}

void check_signals(const Task& task) {
    check_actions(task);
    for (const Siginfo& info : task.shared_pending())
        check_siginfo(info);
    check_interval_timers(task);
    check_posix_timers(task);
}

}  // namespace crtool::image::checks
