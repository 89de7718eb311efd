// Probes of what tasks are made with: ids, namespaces, capabilities, prctl, timers.
#include <errno.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>

#include "base/error.h"
#include "sys/child.h"
#include "sys/feature_probe.h"
#include "sys/features.h"
#include "sys/pidfd.h"
#include "sys/proc_dir.h"
#include "sys/proc_mountinfo.h"
#include "sys/proc_stat.h"
#include "sys/proc_status.h"
#include "sys/uapi_compat.h"

namespace crtool::sys {
namespace {

// Runs `body` in a child; its return value is an errno value, 0 for success.
ProbeResult in_child(int (*body)()) {
    int status = ChildProcess::spawn(body).wait();
    if (!WIFEXITED(status))
        return {false, "the probe died"};
    return probed(WEXITSTATUS(status) == 0, WEXITSTATUS(status));
}

int do_nothing() {
    return 0;
}

// The id of a child that was just reaped is free, for a moment at least.
long clone_with_free_pid() {
    ChildProcess gone = ChildProcess::spawn(do_nothing);
    pid_t pid = gone.pid();
    gone.wait();
    clone_args args{};
    args.exit_signal = SIGCHLD;
    args.set_tid = reinterpret_cast<uint64_t>(&pid);
    args.set_tid_size = 1;
    long got = ::syscall(SYS_clone3, &args, sizeof(args));
    if (got == 0)
        ::_exit(0);
    if (got > 0)
        ::waitpid(static_cast<pid_t>(got), nullptr, 0);
    return got;
}

ProbeResult probe_set_tid() {
    long got = -1;
    for (int tries = 0; tries < 10; ++tries) {
        got = clone_with_free_pid();
        if (got > 0 || errno != EEXIST)
            break;
    }
    return probed(got > 0);
}

ProbeResult probe_pidfd_getfd() {
    ChildProcess child = ChildProcess::spawn([] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            ::pause();
        return 0;
    });
    PidFd(child.pid()).take_fd(STDERR_FILENO);
    return {true, ""};
}

ProbeResult probe_pidfd_thread() {
    return probed(PidFd::can_be_of_thread());
}

ProbeResult probe_children() {
    ProcDir self(::getpid());
    bool there = self.try_read("task/" + std::to_string(::getpid()) + "/children").has_value();
    return probed(there, ENOENT);
}

ProbeResult probe_robust_list() {
    void* head = nullptr;
    size_t length = 0;
    return probed(::syscall(SYS_get_robust_list, 0, &head, &length) == 0);
}

// Gives the child the addresses that it has already.
int set_own_mm_map() {
    TaskStat stat = parse_stat(ProcDir(::getpid()).read("stat"));
    prctl_mm_map map{};
    map.start_code = stat.start_code;
    map.end_code = stat.end_code;
    map.start_data = stat.start_data;
    map.end_data = stat.end_data;
    map.start_brk = stat.start_brk;
    map.brk = reinterpret_cast<uint64_t>(::sbrk(0));
    map.start_stack = stat.start_stack;
    map.arg_start = stat.arg_start;
    map.arg_end = stat.arg_end;
    map.env_start = stat.env_start;
    map.env_end = stat.env_end;
    map.exe_fd = UINT32_MAX;  // −1: leave the executable as it is
    return ::prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0) == 0 ? 0 : errno;
}

ProbeResult probe_mm_map() {
    return in_child(set_own_mm_map);
}

ProbeResult probe_capability(int capability) {
    TaskStatus status = parse_status(ProcDir(::getpid()).read("status"));
    return probed((status.cap_effective >> capability & 1) != 0, EPERM);
}

ProbeResult probe_checkpoint_restore() {
    ProbeResult own = probe_capability(CAP_CHECKPOINT_RESTORE);
    return own.works ? own : probe_capability(CAP_SYS_ADMIN);
}

ProbeResult probe_timer_ids() {
    int got = ::prctl(PR_TIMER_CREATE_RESTORE_IDS, PR_TIMER_CREATE_RESTORE_IDS_GET, 0, 0, 0);
    return probed(got >= 0);
}

template <int Namespace>
ProbeResult probe_namespace() {
    return in_child([] { return ::unshare(Namespace) == 0 ? 0 : errno; });
}

bool is_freezer(const MountInfo& mount) {
    // v2 has cgroup.freeze in every group but the root, kernel ≥ 5.2.
    return mount.fs_type == "cgroup2" ||
           (mount.fs_type == "cgroup" && mount.super_options.find("freezer") != std::string::npos);
}

ProbeResult probe_freezer() {
    for (const MountInfo& mount : parse_mountinfo(ProcDir(::getpid()).read("mountinfo")))
        if (is_freezer(mount))
            return {true, mount.fs_type + " at " + mount.mount_point};
    return {false, "no freezer is mounted"};
}

ProbeResult probe_loginuid() {
    return probed(ProcDir(::getpid()).try_read("loginuid").has_value(), ENOENT);
}

constexpr FeatureProbe kProbes[] = {
    {"clone3_set_tid", "the old pids of restored tasks", FeatureNeed::required, probe_set_tid},
    {"pidfd_store", "descriptors out of a task (pidfd_getfd)", FeatureNeed::required,
     probe_pidfd_getfd},
    {"proc_children", "finding the tree", FeatureNeed::required, probe_children},
    {"set_robust_list", "robust futexes", FeatureNeed::required, probe_robust_list},
    {"set_mm_map", "brk, arguments, environment, exe link", FeatureNeed::required, probe_mm_map},
    {"cap_checkpoint_restore", "pids, memory map and files behind mappings", FeatureNeed::required,
     probe_checkpoint_restore},
    {"cap_sys_resource", "raising limits again that a task has lowered", FeatureNeed::object,
     [] { return probe_capability(CAP_SYS_RESOURCE); }},
    {"cap_sys_admin", "seccomp filters, page frame numbers", FeatureNeed::object,
     [] { return probe_capability(CAP_SYS_ADMIN); }},
    {"timer_cr_ids", "POSIX timers whose ids have gaps, at once", FeatureNeed::speed,
     probe_timer_ids},
    {"pidfd_thread", "tasks whose first thread has ended, pidfds of threads", FeatureNeed::object,
     probe_pidfd_thread},
    {"userns", "user namespaces", FeatureNeed::object, probe_namespace<CLONE_NEWUSER>},
    {"pidns", "pid namespaces", FeatureNeed::object, probe_namespace<CLONE_NEWPID>},
    {"cgroupns", "cgroup namespaces", FeatureNeed::object, probe_namespace<CLONE_NEWCGROUP>},
    {"timens", "time namespaces", FeatureNeed::object, probe_namespace<CLONE_NEWTIME>},
    {"cgroup_freezer", "freezing a tree with its cgroup", FeatureNeed::object, probe_freezer},
    {"loginuid", "the login uid of tasks", FeatureNeed::object, probe_loginuid},
};

}  // namespace

std::span<const FeatureProbe> process_probes() {
    return kProbes;
}

}  // namespace crtool::sys
