// The part of a thread's record that is read from outside while it is stopped: registers,
// credentials, pending signals, rseq, seccomp.
#pragma once

#include "dump/seccomp.h"
#include "dump/task_probe.h"

namespace crtool::dump {

// Adds the records of all threads to the task's, the leader's first (also when it has exited), and
// the signals that are pending for the process.
void record_threads(TaskProbe& task, SeccompTable& filters);

// Replaces the recorded pending signals of live thread `index`, which must be stopped, and of its
// process by those that are pending now.
void record_pending(TaskProbe& task, size_t index);

// A zombie has one thread, which has exited, with the credentials that its parent may be told of.
void record_zombie(TaskProbe& task);

// The record of live thread `index`, made by record_threads.
image::Thread& thread_record(TaskProbe& task, size_t index);

}  // namespace crtool::dump
