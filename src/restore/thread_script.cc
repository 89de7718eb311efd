// See thread_script.h.
#include "restore/thread_script.h"

#include <asm/prctl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "arch/x86_64/flags.h"
#include "restore/creds_script.h"
#include "restore/policy_script.h"
#include "restore/sched_script.h"
#include "restore/seccomp_script.h"
#include "restore/signal_script.h"
#include "restore/sleep_script.h"
#include "restore/spawn.h"
#include "restore/stop_script.h"

namespace crtool::restore {
namespace {

constexpr uint64_t kRobustHeadBytes = 24;
constexpr uint32_t kAutoDisarm = 1U << 31;  // SS_AUTODISARM
constexpr uint64_t kThreadFlags =
    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;

// stack_t.
struct KernelStack {
    uint64_t sp;
    uint32_t flags;
    uint32_t padding;
    uint64_t size;
};

void emit_addresses(TaskBuild& build, const image::Thread& thread) {
    parasite::ScriptBuilder& script = build.script;
    const image::AltStack& alt = thread.altstack();
    // SS_ONSTACK is a fact, not a wish; a stack that is in use stays registered all the same.
    if (alt.size() != 0 && (alt.flags() & SS_DISABLE) == 0) {
        uint64_t stack =
            script.arena().put(KernelStack{alt.sp(), alt.flags() & kAutoDisarm, 0, alt.size()});
        script.call("set the alternate stack", SYS_sigaltstack, {stack, 0});
    }
    if (thread.robust_list() != 0)
        script.call("set the robust list", SYS_set_robust_list,
                    {thread.robust_list(), kRobustHeadBytes});
    if (thread.clear_child_tid() != 0)
        script.call("set clear_child_tid", SYS_set_tid_address, {thread.clear_child_tid()});
    const image::Rseq& rseq = thread.rseq();
    if (rseq.address() != 0)
        script.call("register rseq", SYS_rseq, {rseq.address(), rseq.size(), 0, rseq.signature()});
}

void emit_flags(TaskBuild& build, const image::Thread& thread) {
    parasite::ScriptBuilder& script = build.script;
    if (thread.personality() != build.ctx.own.personality)
        script.call("set the personality", SYS_personality, {thread.personality()});
    if (thread.memory_failure() != image::Thread::DEFAULT)
        script.call(
            "set the policy of memory failures", SYS_prctl,
            {PR_MCE_KILL, PR_MCE_KILL_SET,
             thread.memory_failure() == image::Thread::EARLY ? PR_MCE_KILL_EARLY : PR_MCE_KILL_LATE,
             0, 0});
    if (thread.tsc_sigsegv())
        script.call("forbid the time stamp counter", SYS_prctl,
                    {PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0});
    if ((thread.registers().eflags() & arch::kIdentificationFlag) != 0)
        script.call("set the identification flag", parasite::kLoadFlags,
                    {arch::kPlainFlags | arch::kIdentificationFlag});
    if (thread.cpuid_fault())
        script.call("forbid CPUID", SYS_arch_prctl, {ARCH_SET_CPUID, 0});
}

// A leader that has not ended yet would take part in the stop.
void emit_late_stop(TaskBuild& build, const image::Thread& thread) {
    build.script.about("stop");
    build.script.call("wait for the end of the first thread", SYS_futex,
                      {build.alive_word, FUTEX_WAIT, 1, 0}, parasite::kAny);
    emit_stop(build, thread);
}

// A script of its own, which joins the others at the meeting points.
void emit_thread(TaskBuild& leader, const image::Thread& thread) {
    Context& ctx = leader.ctx;
    parasite::ScriptBuilder script(ctx.arena, ctx.steps, thread.tid());
    TaskBuild build{ctx, leader.task, leader.node, script, leader.seccomp_word, leader.alive_word};
    build.arrive(kThreads);
    build.wait(kThreads);
    emit_thread_state(build, thread);
    build.arrive(kReady);
    if (build.task.state() == image::Task::STOPPED && &first_live(build.task) == &thread)
        emit_late_stop(build, thread);
    emit_park(build, thread);
    Spawn spawn;
    spawn.flags = kThreadFlags;
    spawn.pid = thread.tid();
    spawn.script = build.finish(thread.tid());
    emit_spawn(leader, spawn);
}

}  // namespace

const image::Thread& first_live(const image::Task& task) {
    return task.threads(task.leader_exited() ? 1 : 0);
}

void emit_threads(TaskBuild& build) {
    if (seccomp_differs(build.task))
        build.seccomp_word = build.script.arena().put(uint32_t{0});
    if (build.task.leader_exited()) {
        build.alive_word = build.script.arena().put(uint32_t{1});
        build.ctx.leaders_alive.push_back(build.ctx.arena.host<uint32_t>(build.alive_word));
    }
    for (int index = 1; index < build.task.threads_size(); index++) {
        build.script.about("thread", build.task.threads(index).tid());
        emit_thread(build, build.task.threads(index));
    }
}

void emit_thread_state(TaskBuild& build, const image::Thread& thread) {
    parasite::ScriptBuilder& script = build.script;
    script.about("thread", thread.tid());
    emit_addresses(build, thread);
    script.call("set its name", SYS_prctl,
                {PR_SET_NAME, script.arena().put_string(thread.comm()), 0, 0, 0});
    emit_flags(build, thread);
    emit_private_pending(build, thread);
    emit_scheduling(build, thread.sched());
    emit_thread_policy(build, thread);
    script.about("thread", thread.tid());
    if (thread.no_new_privs())
        script.call("set no_new_privs", SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0});
    if (&first_live(build.task) == &thread) {
        emit_common_seccomp(build);
        if (build.seccomp_word != 0)
            script.call("tell the other threads", parasite::kPost, {build.seccomp_word, 1});
    } else if (build.seccomp_word != 0) {
        script.call("wait for the first thread", parasite::kWaitFor, {build.seccomp_word, 1});
    }
    emit_own_seccomp(build, thread);
    emit_creds(build, thread.creds());
    if (thread.pdeath_signal() != 0)
        script.call("set the parent-death signal", SYS_prctl,
                    {PR_SET_PDEATHSIG, thread.pdeath_signal(), 0, 0, 0});
}

}  // namespace crtool::restore
