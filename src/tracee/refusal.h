// Why a task cannot be traced, in words: the kernel says no more than EPERM, or nothing.
#pragma once

#include "sys/proc_dir.h"

namespace crtool::tracee {

// Throws gone when there is no such process, unsupported when the number is that of a thread.
sys::ProcDir open_root(pid_t root);

// After PTRACE_SEIZE of a living task has failed with EPERM. Throws unsupported for crtool itself,
// a thread of the kernel and what somebody else traces, else system (EPERM).
[[noreturn]] void explain_refusal(const sys::ProcDir& proc);

}  // namespace crtool::tracee
