// See supervisor.h. The signal handlers need the only mutable globals of the command line: the flag
// that a job polls, and the child that signals are passed on to.
#include "cli/supervisor.h"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <optional>

#include "base/error.h"
#include "sys/child.h"
#include "sys/signal_block.h"

namespace crtool::cli {
namespace {

constexpr std::array kEndSignals{SIGINT, SIGTERM, SIGHUP};

std::atomic<bool> cancel_requested{false};
std::atomic<pid_t> relay_target{0};

extern "C" void request_cancel(int) {
    cancel_requested = true;
}

extern "C" void relay(int signal) {
    kill(relay_target, signal);
}

// A signal that the caller ignores stays ignored: `nohup crtool …` means it.
void handle(int signal, void (*handler)(int), int flags) {
    struct sigaction old {};

    sigaction(signal, nullptr, &old);
    if (old.sa_handler == SIG_IGN)
        return;

    struct sigaction action {};

    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(signal, &action, nullptr);
}

// Without SA_RESTART: the job looks at the flag when a blocking call ends with EINTR.
void cancel_on_signals() {
    for (int signal : kEndSignals)
        handle(signal, request_cancel, 0);
}

// With SA_RESTART: the wait goes on.
void relay_signals_to(pid_t child) {
    relay_target = child;
    for (int signal : kEndSignals)
        handle(signal, relay, SA_RESTART);
}

int wait_for(pid_t child) {
    int status = 0;
    // __WALL: a restored root may have any exit signal, or none (clone(2)).
    if (waitpid(child, &status, __WALL) != child)
        fail(Errc::internal, "process {} cannot be waited for", child);
    return status;
}

pid_t start_worker(const Job& job, const SupervisorOptions& options) {
    pid_t supervisor = getpid();
    // Held back meanwhile, so that no signal is lost between two handlers.
    auto held = std::make_optional<sys::SignalBlock>({SIGINT, SIGTERM, SIGHUP});
    auto worker = sys::ChildProcess::spawn([&]() -> int {
        cancel_on_signals();
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != supervisor)
            cancel_requested = true;
        if (options.new_session)
            setsid();
        // A file that may not grow is an error to report (EFBIG), not a death (setrlimit(2)).
        if (options.ignore_file_limit_signal)
            (void)signal(SIGXFSZ, SIG_IGN);
        held.reset();
        leave(job(cancel_requested));
    });
    relay_signals_to(worker.pid());
    return worker.release();
}

}  // namespace

void leave(int status) {
    (void)std::fflush(nullptr);
    ::_exit(status);
}

int supervise(const Job& job, const SupervisorOptions& options,
              const std::function<void(const std::string&)>& killed) {
    // An ignored SIGCHLD would reap the worker behind our back (wait(2), NOTES).
    (void)signal(SIGCHLD, SIG_DFL);
    if (options.in_process) {
        cancel_on_signals();
        return job(cancel_requested);
    }
    int status = wait_for(start_worker(job, options));
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    killed(fmt::format("killed by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status))));
    return 128 + WTERMSIG(status);
}

int wait_for_root(pid_t root) {
    prctl(PR_SET_PDEATHSIG, 0);
    (void)signal(SIGINT, SIG_IGN);
    relay_signals_to(root);
    int status = wait_for(root);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace crtool::cli
