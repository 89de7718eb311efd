// See inside.h: the questions.
#include "dump/inside.h"

#include <asm/prctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "arch/x86_64/ldt.h"
#include "arch/x86_64/protection_keys.h"
#include "dump/membarrier.h"
#include "dump/memory_policy.h"
#include "dump/timer.h"
#include "parasite/kernel_signals.h"
#include "sys/uapi_compat.h"

namespace crtool::dump {
namespace {

using parasite::kAny;
using parasite::kKernelSigsetBytes;
using parasite::ScriptBuilder;

constexpr uint64_t kSignals = 64;
constexpr uint64_t kSiginfoBytes = 128;
constexpr uint64_t kSchedAttrBytes = 56;
constexpr uint64_t kAffinityBytes = 1024;  // 8192 CPUs, the kernel's greatest configuration
constexpr uint64_t kAskPersonality = 0xffffffff;

void ask_thread(ScriptBuilder& script, ThreadAnswers& out) {
    parasite::Arena& arena = script.arena();
    out.altstack = arena.take(24);
    out.tid_address = arena.take(8);
    out.pdeath_signal = arena.take(4);
    out.tsc = arena.take(4);
    out.robust = arena.take(16);
    out.sched = arena.take(kSchedAttrBytes);
    out.affinity = arena.take(kAffinityBytes);
    script.about("thread state");
    out.memory_policy = emit_policy_question(script);
    script.call("read the alternate stack", SYS_sigaltstack, {0, out.altstack});
    script.call("read clear_child_tid", SYS_prctl, {PR_GET_TID_ADDRESS, out.tid_address});
    script.call("read the parent-death signal", SYS_prctl, {PR_GET_PDEATHSIG, out.pdeath_signal});
    script.call("read the TSC mode", SYS_prctl, {PR_GET_TSC, out.tsc});
    script.call("read the robust list", SYS_get_robust_list, {0, out.robust, out.robust + 8});
    script.call("read the scheduling", SYS_sched_getattr, {0, out.sched, kSchedAttrBytes, 0});
    out.affinity_size = script.call("read the CPU affinity", SYS_sched_getaffinity,
                                    {0, kAffinityBytes, out.affinity});
    out.securebits = script.call("read securebits", SYS_prctl, {PR_GET_SECUREBITS});
    out.personality = script.call("read the personality", SYS_personality, {kAskPersonality});
    out.timer_slack = script.call("read the timer slack", SYS_prctl, {PR_GET_TIMERSLACK});
    out.ioprio = script.call("read the I/O priority", SYS_ioprio_get, {1, 0});
    out.memory_failure =
        script.call("read the policy of memory failures", SYS_prctl, {PR_MCE_KILL_GET, 0, 0, 0, 0});
    out.cpuid = script.call("read the CPUID mode", SYS_arch_prctl, {ARCH_GET_CPUID, 0}, kAny);
}

void ask_signals(ScriptBuilder& script, InsideAnswers& out) {
    script.about("signal handlers");
    out.actions = script.arena().take(kSignals * sizeof(parasite::KernelAction));
    for (uint64_t signal = 1; signal <= kSignals; signal++)
        script.call("read a signal handler", SYS_rt_sigaction,
                    {signal, 0, out.actions + (signal - 1) * sizeof(parasite::KernelAction),
                     kKernelSigsetBytes});
}

void ask_process(ScriptBuilder& script, InsideAnswers& out) {
    script.about("process state");
    out.subreaper = script.arena().take(4);
    out.brk = script.call("read the program break", SYS_brk, {0});
    out.dumpable = script.call("read dumpable", SYS_prctl, {PR_GET_DUMPABLE});
    script.call("read child_subreaper", SYS_prctl, {PR_GET_CHILD_SUBREAPER, out.subreaper});
    out.thp_disable =
        script.call("read the THP mode", SYS_prctl, {PR_GET_THP_DISABLE, 0, 0, 0, 0}, kAny);
    out.mdwe = script.call("read MDWE", SYS_prctl, {PR_GET_MDWE, 0, 0, 0, 0}, kAny);
    out.io_flusher =
        script.call("read io_flusher", SYS_prctl, {PR_GET_IO_FLUSHER, 0, 0, 0, 0}, kAny);
    out.xcomp = script.arena().take(8);
    script.call("read its extended CPU features", SYS_arch_prctl, {ARCH_GET_XCOMP_PERM, out.xcomp},
                kAny);
    out.memory_merge =
        script.call("read memory_merge", SYS_prctl, {PR_GET_MEMORY_MERGE, 0, 0, 0, 0}, kAny);
    out.membarrier = emit_membarrier_questions(script);
    // 0 without a table, and ENOSYS in a kernel that has none; else all the bytes asked for.
    out.ldt_bytes = script.arena().take(arch::kLdtBytes);
    out.ldt =
        script.call("read the LDT", SYS_modify_ldt, {0, out.ldt_bytes, arch::kLdtBytes}, kAny);
}

// Whether a stop or a continuation has been waited for is known to wait4(2) alone; WNOWAIT leaves
// it as it is.
void ask_stops(ScriptBuilder& script, InsideAnswers& out, const std::vector<TaskProbe>& tasks,
               std::span<const size_t> children) {
    for (size_t index : children) {
        const image::Task& child = tasks[index].record;
        bool stopped = child.state() == image::Task::STOPPED;
        uint64_t siginfo = script.arena().take(kSiginfoBytes);
        script.about("child", child.pid());
        script.call("look at the stop", SYS_waitid,
                    {P_PID, child.pid(), siginfo,
                     (stopped ? WSTOPPED : WCONTINUED) | WNOHANG | WNOWAIT | __WALL, 0});
        out.stops.push_back({index, siginfo});
    }
}

}  // namespace

Children live_children(const std::vector<TaskProbe>& tasks) {
    Children children;
    for (size_t i = 0; i < tasks.size(); i++)
        if (!tasks[i].zombie())
            children[static_cast<pid_t>(tasks[i].record.ppid())].push_back(i);
    return children;
}

uint64_t inside_bytes(const TaskProbe& task, size_t children) {
    constexpr uint64_t kPerThread = 18 * sizeof(parasite::Op) + kAffinityBytes + 512;
    constexpr uint64_t kPerTask = (kSignals + arch::kProtectionKeys + 32) * sizeof(parasite::Op) +
                                  kSignals * sizeof(parasite::KernelAction) + arch::kLdtBytes +
                                  4096;
    constexpr uint64_t kPerChild = sizeof(parasite::Op) + kSiginfoBytes;
    return task.threads.size() * kPerThread + kPerTask + children * kPerChild + policy_bytes(task) +
           timer_bytes(task.answers->timers);
}

void emit_questions(TaskProbe& task, const std::vector<TaskProbe>& tasks,
                    std::span<const size_t> children) {
    InsideAnswers& answers = *task.answers;
    answers.threads.resize(task.threads.size());
    answers.scripts.reserve(task.threads.size());
    for (size_t i = 0; i < task.threads.size(); i++) {
        answers.scripts.emplace_back(task.session->arena(), task.session->steps(), task.pid());
        ScriptBuilder& script = answers.scripts.back();
        if (i == 0)
            task.session->settle_in(script);
        ask_thread(script, answers.threads[i]);
        if (i > 0)
            continue;
        ask_signals(script, answers);
        ask_timers(script, answers.timers);
        ask_process(script, answers);
        answers.keys = ask_keys(task, script);
        emit_area_policy_questions(task, script);
        ask_stops(script, answers, tasks, children);
    }
}

}  // namespace crtool::dump
