// See sched_script.h.
#include "restore/sched_script.h"

#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace crtool::restore {
namespace {

constexpr uint64_t kIoprioWhoProcess = 1;

// struct sched_attr, version 0 (sched_setattr(2)).
struct SchedAttr {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

static_assert(sizeof(SchedAttr) == 48);

}  // namespace

void emit_scheduling(TaskBuild& build, const image::Scheduling& sched) {
    parasite::ScriptBuilder& script = build.script;
    script.about("scheduling");
    if (!sched.affinity().empty()) {
        uint64_t mask = script.arena().put_bytes(sched.affinity());
        script.call("set the CPU affinity", SYS_sched_setaffinity,
                    {0, sched.affinity().size(), mask});
    }
    SchedAttr attr{sizeof(SchedAttr),   sched.policy(),     sched.flags(),       sched.nice(),
                   sched.rt_priority(), sched.runtime_ns(), sched.deadline_ns(), sched.period_ns()};
    // Policies without a nice value keep one for later; sched_setattr does not take it for them.
    script.call("set the nice value", SYS_setpriority, {PRIO_PROCESS, 0, sched.nice()});
    script.call("set policy and priority", SYS_sched_setattr, {0, script.arena().put(attr), 0});
    script.call("set the I/O priority", SYS_ioprio_set, {kIoprioWhoProcess, 0, sched.ioprio()});
    if (sched.timer_slack_ns() != 0)
        script.call("set the timer slack", SYS_prctl,
                    {PR_SET_TIMERSLACK, sched.timer_slack_ns(), 0, 0, 0});
}

}  // namespace crtool::restore
