// See inside.h: the answers, and how they fill the records.
#include <signal.h>
#include <sys/prctl.h>

#include <cstring>

#include "arch/x86_64/amx.h"
#include "arch/x86_64/ldt.h"
#include "base/error.h"
#include "dump/inside.h"
#include "dump/membarrier.h"
#include "dump/memory_policy.h"
#include "dump/thread.h"
#include "parasite/kernel_signals.h"

namespace crtool::dump {
namespace {

struct KernelSchedAttr {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t util_min, util_max;
};

image::Thread::MemoryFailure memory_failure(int64_t policy) {
    if (policy == PR_MCE_KILL_EARLY)
        return image::Thread::EARLY;
    return policy == PR_MCE_KILL_LATE ? image::Thread::LATE : image::Thread::DEFAULT;
}

void record_thread(const TaskProbe& task, size_t index, image::Thread& record) {
    const ThreadAnswers& answers = task.answers->threads[index];
    const parasite::ScriptBuilder& script = task.answers->scripts[index];
    const parasite::Arena& arena = task.session->arena();
    const stack_t* altstack = arena.host<stack_t>(answers.altstack);
    record.mutable_altstack()->set_sp(reinterpret_cast<uint64_t>(altstack->ss_sp));
    record.mutable_altstack()->set_size(altstack->ss_size);
    record.mutable_altstack()->set_flags(static_cast<uint32_t>(altstack->ss_flags));
    record.set_clear_child_tid(*arena.host<uint64_t>(answers.tid_address));
    record.set_pdeath_signal(*arena.host<uint32_t>(answers.pdeath_signal));
    record.set_tsc_sigsegv(*arena.host<uint32_t>(answers.tsc) == PR_TSC_SIGSEGV);
    record.set_robust_list(arena.host<uint64_t>(answers.robust)[0]);
    record.set_robust_list_size(arena.host<uint64_t>(answers.robust)[1]);
    record.mutable_creds()->set_securebits(
        static_cast<uint32_t>(script.result(answers.securebits).result));
    record.set_personality(static_cast<uint32_t>(script.result(answers.personality).result));
    record.set_memory_failure(memory_failure(script.result(answers.memory_failure).result));
    record.set_cpuid_fault(script.result(answers.cpuid).result == 0);

    const auto* attr = arena.host<KernelSchedAttr>(answers.sched);
    image::Scheduling& sched = *record.mutable_sched();
    sched.set_policy(attr->policy);
    sched.set_flags(static_cast<uint32_t>(attr->flags));
    sched.set_nice(attr->nice);
    sched.set_rt_priority(attr->priority);
    sched.set_runtime_ns(attr->runtime);
    sched.set_deadline_ns(attr->deadline);
    sched.set_period_ns(attr->period);
    sched.set_affinity(arena.host<char>(answers.affinity),
                       static_cast<size_t>(script.result(answers.affinity_size).result));
    sched.set_ioprio(static_cast<uint32_t>(script.result(answers.ioprio).result));
    sched.set_timer_slack_ns(static_cast<uint64_t>(script.result(answers.timer_slack).result));
}

void record_signals(const TaskProbe& task, image::Task& record) {
    if (record.shares_sighand() != 0)
        return;
    const auto* actions = task.session->arena().host<parasite::KernelAction>(task.answers->actions);
    for (uint32_t signal = 1; signal <= 64; signal++) {
        const parasite::KernelAction& action = actions[signal - 1];
        if (action.handler == 0 && action.flags == 0 && action.mask == 0)
            continue;
        image::SignalAction* out = record.add_actions();
        out->set_signal(signal);
        out->set_handler(action.handler);
        out->set_flags(action.flags);
        out->set_restorer(action.restorer);
        out->set_mask(action.mask);
    }
}

void record_process(const TaskProbe& task, image::Task& record) {
    const InsideAnswers& answers = *task.answers;
    const parasite::ScriptBuilder& script = answers.scripts.front();
    auto value = [&](parasite::Ref ref) {
        int64_t result = script.result(ref).result;
        return result < 0 ? 0u : static_cast<uint32_t>(result);
    };
    record.set_dumpable(value(answers.dumpable));
    record.set_thp_disable(value(answers.thp_disable));
    record.set_mdwe(value(answers.mdwe));
    record.set_io_flusher(value(answers.io_flusher) != 0);
    record.set_amx(arch::may_use_tiles(*task.session->arena().host<uint64_t>(answers.xcomp)));
    record.set_child_subreaper(*task.session->arena().host<uint32_t>(answers.subreaper) != 0);
    if (!record.has_mm())
        return;
    record.mutable_mm()->set_memory_merge(value(answers.memory_merge) != 0);
    record.mutable_mm()->set_membarrier(membarrier_registrations(script, answers.membarrier));
    record.mutable_mm()->set_brk(static_cast<uint64_t>(script.result(answers.brk).result));
    record_keys(script, answers.keys, *record.mutable_mm());
    if (uint32_t bytes = value(answers.ldt); bytes != 0) {
        const char* ldt = task.session->arena().host<char>(answers.ldt_bytes);
        record.mutable_mm()->set_ldt(std::string(arch::trimmed_ldt({ldt, bytes})));
    }
}

}  // namespace

void record_answers(TaskProbe& task, std::vector<TaskProbe>& tasks) {
    ErrorContext context("task", task.pid());
    for (size_t i = 0; i < task.threads.size(); i++) {
        record_thread(task, i, thread_record(task, i));
        record_policy(task, task.answers->threads[i].memory_policy, thread_record(task, i));
    }
    record_signals(task, task.record);
    record_timers(task);
    record_process(task, task.record);
    for (const StopAnswer& stop : task.answers->stops) {
        const auto* info = task.session->arena().host<siginfo_t>(stop.siginfo);
        image::Task& child = tasks[stop.child].record;
        if (child.state() == image::Task::STOPPED)
            child.set_stop_reported(info->si_pid == 0);
        else
            child.set_continuation(info->si_pid != 0);
    }
}

}  // namespace crtool::dump
