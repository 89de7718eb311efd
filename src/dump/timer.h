// Interval and POSIX timers of a task (proto/timer.proto).
//
// Real-time timers go on while the tree is stopped, so one may expire between the reading of the
// pending signals and its own: then it shows as disarmed, and its signal is in no record. That is
// why the signals are looked at once more after the timers.
#pragma once

#include <cstdint>
#include <vector>

#include "parasite/script_builder.h"
#include "sys/proc_timers.h"

namespace crtool::dump {

struct TaskProbe;

struct TimerAnswers {
    std::vector<sys::PosixTimer> list;
    uint64_t itimers = 0;  // three of struct itimerval
    uint64_t values = 0;   // struct itimerspec each
    uint64_t pending = 0;  // mask of the signals that are pending after all that
    std::vector<parasite::Ref> overruns;
};

uint64_t timer_bytes(const TimerAnswers& timers);
void ask_timers(parasite::ScriptBuilder& script, TimerAnswers& timers);
// The task's threads sleep in the blob; fills its record, the pending signals of which are there.
void record_timers(TaskProbe& task);

}  // namespace crtool::dump
