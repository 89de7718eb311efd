// See refusal.h.
#include "tracee/refusal.h"

#include <errno.h>
#include <unistd.h>

#include "base/error.h"
#include "sys/proc_stat.h"
#include "sys/proc_status.h"

namespace crtool::tracee {
namespace {

constexpr uint32_t kKernelThread = 0x00200000;  // PF_KTHREAD, linux/sched.h

}  // namespace

sys::ProcDir open_root(pid_t root) {
    auto proc = sys::ProcDir::try_open(root);
    auto text = proc ? proc->try_read("status") : std::nullopt;
    if (!text)
        fail(Errc::gone, "there is no process {}", root);
    pid_t process = sys::parse_status(*text).tgid;
    if (process != root)
        fail(Errc::unsupported, "{} is a thread of process {}: name that", root, process);
    return std::move(*proc);
}

void explain_refusal(const sys::ProcDir& proc) {
    pid_t pid = proc.pid();
    if (pid == ::getpid())
        fail(Errc::unsupported,
             "crtool itself (pid {}) is part of the tree: start it outside, for example by setsid "
             "-f",
             pid);
    if ((sys::parse_stat(proc.read("stat")).flags & kKernelThread) != 0)
        fail(Errc::unsupported, "task {} is a thread of the kernel", pid);
    pid_t tracer = sys::parse_status(proc.read("status")).tracer_pid;
    if (tracer != 0)
        fail(Errc::unsupported,
             "task {} is being traced by task {} (a debugger, strace): end that first", pid,
             tracer);
    fail_errno(EPERM, "no permission to trace task {}: {}", pid,
               ::geteuid() == 0
                   ? "crtool lacks CAP_SYS_PTRACE for it (another user namespace?), or "
                     "a security module (Yama, SELinux, AppArmor) forbids it"
                   : "run crtool as root or its owner");
}

}  // namespace crtool::tracee
