// What only a task itself can be asked: handlers, timers, alternate stacks, prctl state.
//
// emit_*() writes the questions into a script and remembers where the answers will be; record_*()
// reads them when the script has run. One script for the task, run by its first live thread, and
// one for every thread.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "dump/problems.h"
#include "dump/protection_keys.h"
#include "dump/task_probe.h"
#include "dump/timer.h"
#include "parasite/script_builder.h"

namespace crtool::dump {

// Live children of each task, by its pid: indices in the vector of tasks.
using Children = std::unordered_map<pid_t, std::vector<size_t>>;
Children live_children(const std::vector<TaskProbe>& tasks);

// Room that the scripts of a task with so many live children need in the arena.
uint64_t inside_bytes(const TaskProbe& task, size_t children);

// Where one thread's answers are (addresses in the arena) and which operations gave the rest.
struct ThreadAnswers {
    uint64_t altstack = 0, tid_address = 0, pdeath_signal = 0, tsc = 0, robust = 0, sched = 0;
    uint64_t memory_policy = 0;
    uint64_t affinity = 0;
    parasite::Ref affinity_size{}, securebits{}, personality{}, timer_slack{}, ioprio{}, cpuid{};
    parasite::Ref memory_failure{};
};

struct StopAnswer {
    size_t child = 0;  // index of the task
    uint64_t siginfo = 0;
};

struct InsideAnswers {
    std::vector<parasite::ScriptBuilder> scripts;  // one a thread
    std::vector<ThreadAnswers> threads;
    TimerAnswers timers;
    uint64_t actions = 0;  // kernel sigaction of signals 1..64
    uint64_t subreaper = 0;
    uint64_t ldt_bytes = 0;
    uint64_t xcomp = 0;          // mask; stays 0 in a kernel without
    uint64_t area_policies = 0;  // a mode each (memory_policy.h)
    parasite::Ref brk{}, dumpable{}, thp_disable{}, mdwe{}, io_flusher{}, ldt{}, memory_merge{};
    std::vector<parasite::Ref> membarrier;  // membarrier.h
    KeyAnswers keys;
    std::vector<StopAnswer> stops;
};

// `children`, of `tasks`: what a parent has been told of their stops can be asked only there.
void emit_questions(TaskProbe& task, const std::vector<TaskProbe>& tasks,
                    std::span<const size_t> children);
// Fills the records; also of children in `tasks`.
void record_answers(TaskProbe& task, std::vector<TaskProbe>& tasks);

}  // namespace crtool::dump
