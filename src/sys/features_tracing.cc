// Probes of ptrace: each works on a paused child of its own.
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <compare>
#include <cstddef>
#include <cstdint>

#include "arch/x86_64/kernel_probes.h"
#include "base/error.h"
#include "sys/child.h"
#include "sys/feature_probe.h"
#include "sys/kcmp.h"
#include "sys/uapi_compat.h"

namespace crtool::sys {
namespace {

int pause_for_ever() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;)
        ::pause();
}

// glibc types the request as an enum that newer requests are not in.
long trace(int request, pid_t pid, uint64_t address, uint64_t data) {
    return ::ptrace(static_cast<__ptrace_request>(request), pid, address, data);
}

template <typename T>
uint64_t address_of(T& object) {
    return reinterpret_cast<uint64_t>(&object);
}

// A child that is seized and stopped; it dies with this object.
class StoppedChild {
  public:
    StoppedChild() : child_(ChildProcess::spawn(pause_for_ever)) {
        if (trace(PTRACE_SEIZE, pid(), 0, 0) != 0)
            fail_errno(errno, "PTRACE_SEIZE failed");
        if (trace(PTRACE_INTERRUPT, pid(), 0, 0) != 0)
            fail_errno(errno, "PTRACE_INTERRUPT failed");
        if (::waitpid(pid(), nullptr, __WALL) != pid())
            fail_errno(errno, "the tracee did not stop");
    }

    pid_t pid() const { return child_.pid(); }

  private:
    ChildProcess child_;
};

ProbeResult probe_seize() {
    StoppedChild child;
    return probed(trace(PTRACE_DETACH, child.pid(), 0, 0) == 0);
}

ProbeResult probe_extended_state() {
    StoppedChild child;
    std::byte state[16384];
    iovec vector{state, sizeof(state)};
    long got = trace(PTRACE_GETREGSET, child.pid(), static_cast<uint64_t>(arch::kExtendedStateNote),
                     address_of(vector));
    if (got != 0)
        return probed(false);
    return {true, std::to_string(vector.iov_len) + " bytes"};
}

ProbeResult probe_siginfo() {
    StoppedChild child;
    siginfo_t info;
    __ptrace_peeksiginfo_args args{};
    args.nr = 1;
    return probed(::ptrace(PTRACE_PEEKSIGINFO, child.pid(), &args, &info) >= 0);
}

ProbeResult probe_suspend_seccomp() {
    StoppedChild child;
    return probed(trace(PTRACE_SETOPTIONS, child.pid(), 0, PTRACE_O_SUSPEND_SECCOMP) == 0);
}

ProbeResult probe_seccomp_filter() {
    StoppedChild child;
    // EINVAL: the child has no filter, but the kernel was willing to look.
    long got = trace(PTRACE_SECCOMP_GET_FILTER, child.pid(), 0, 0);
    return probed(got >= 0 || errno == EINVAL || errno == ENOENT);
}

ProbeResult probe_rseq() {
    StoppedChild child;
    uapi::RseqConfiguration configuration{};
    return probed(trace(PTRACE_GET_RSEQ_CONFIGURATION, child.pid(), sizeof(configuration),
                        address_of(configuration)) > 0);
}

ProbeResult probe_syscall_user_dispatch() {
    StoppedChild child;
    uapi::SyscallUserDispatch dispatch{};
    return probed(trace(PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG, child.pid(), sizeof(dispatch),
                        address_of(dispatch)) == 0);
}

ProbeResult probe_breakpoints() {
    StoppedChild child;
    return probed(trace(PTRACE_POKEUSER, child.pid(), arch::kFirstDebugRegister, 4096) == 0);
}

ProbeResult probe_kcmp() {
    ChildProcess child = ChildProcess::spawn(pause_for_ever);
    bool right = std::is_neq(kcmp(::getpid(), child.pid(), KcmpKind::memory)) &&
                 std::is_eq(kcmp_file(::getpid(), STDERR_FILENO, child.pid(), STDERR_FILENO));
    return {right, right ? "" : "wrong answer"};
}

constexpr FeatureProbe kProbes[] = {
    {"ptrace_seize", "stopping the tree", FeatureNeed::required, probe_seize},
    {"xstate", "floating point and vector registers", FeatureNeed::required, probe_extended_state},
    {"peeksiginfo", "pending signals", FeatureNeed::required, probe_siginfo},
    {"kcmp", "what tasks share", FeatureNeed::required, probe_kcmp},
    {"rseq", "restartable sequences", FeatureNeed::required, probe_rseq},
    {"seccomp_suspend", "tasks under seccomp", FeatureNeed::object, probe_suspend_seccomp},
    {"seccomp_filters", "tasks with seccomp filters", FeatureNeed::object, probe_seccomp_filter},
    {"syscall_user_dispatch", "tasks that dispatch their own system calls", FeatureNeed::object,
     probe_syscall_user_dispatch},
    {"breakpoints", "hardware breakpoints", FeatureNeed::object, probe_breakpoints},
};

}  // namespace

std::span<const FeatureProbe> tracing_probes() {
    return kProbes;
}

}  // namespace crtool::sys
