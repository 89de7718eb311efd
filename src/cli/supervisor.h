// Two processes for one command: a thin supervisor that the user sees, and a worker that works.
//
// A dump stops somebody else's program. If the process that traces it were killed with SIGKILL, the
// kernel would detach from the tracees wherever they stand. So the process that the user started
// only waits: it forks a worker, passes signals on, and returns the worker's exit status. A SIGKILL
// then hits the supervisor, and the worker hears of it (prctl(2), PR_SET_PDEATHSIG) and winds up.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <string>

namespace crtool::cli {

// Ends the process with everything written, but without taking down piece by piece what the kernel
// takes down as a whole.
[[noreturn]] void leave(int status);

// Runs in the worker; returns the exit status of the command. `cancelled` turns true, and blocking
// system calls end with EINTR, on SIGINT, SIGTERM, SIGHUP or the death of the supervisor.
using Job = std::function<int(const std::atomic<bool>& cancelled)>;

struct SupervisorOptions {
    // The worker leads a session of its own, out of reach of Ctrl-C and of a group-wide kill
    // (dump).
    bool new_session = false;
    // SIGXFSZ does not kill the worker (dump; a restored tree would inherit it).
    bool ignore_file_limit_signal = false;
    // No second process: for --restore-sibling, where crtool's parent must become the root's.
    bool in_process = false;
};

// The exit status of the command: what `job` returned, or 128 + N if signal N killed the worker;
// then `killed` has been called with a text such as "killed by signal 9 (Killed)". Signals that the
// caller of crtool ignores (nohup) stay ignored. Throws Error when no worker can be made.
int supervise(const Job& job, const SupervisorOptions& options,
              const std::function<void(const std::string&)>& killed);

// In the worker (or in process), after a restore: from now on the tree no longer depends on crtool.
// SIGTERM and SIGHUP are passed on to `root`, SIGINT is left to the terminal. Waits for `root`, a
// child, and returns its exit code, or 128 + N if signal N killed it.
int wait_for_root(pid_t root);

}  // namespace crtool::cli
