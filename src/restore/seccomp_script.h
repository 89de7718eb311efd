// seccomp(2) filters and strict mode. See proto/thread.proto.
//
// By the time filters are installed every thread is traced with PTRACE_O_SUSPEND_SECCOMP, so they
// do not bind before the thread goes home. Filters that all threads of a task have in common are
// installed by the leader for all at once (SECCOMP_FILTER_FLAG_TSYNC): the threads then share them,
// as they did, and may still synchronise further ones. The rest each thread installs for itself.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

bool uses_seccomp(const image::Image& image);
// Leader: what all threads have in common. When all threads exist and are traced.
void emit_common_seccomp(TaskBuild& build);
// Each thread, after that: strict mode, or what it has beyond the common filters.
void emit_own_seccomp(TaskBuild& build, const image::Thread& thread);
// Some thread has filters that others have not: then emit_own_seccomp must wait for the leader's
// emit_common_seccomp.
bool seccomp_differs(const image::Task& task);

}  // namespace crtool::restore
