// Checks of validate() about threads: registers, credentials, scheduling, seccomp.
#include <signal.h>

#include "image/validate_internal.h"

namespace crtool::image::checks {
namespace {

constexpr size_t kTlsBytes = 48;       // three struct user_desc
constexpr size_t kMinXstate = 576;     // FXSAVE area and XSAVE header
constexpr size_t kMaxXstate = 16384;   // with AMX it is 11 KiB
constexpr size_t kMaxAffinity = 1024;  // 8192 CPUs
constexpr int kMaxGroups = 65536;      // NGROUPS_MAX
constexpr uint32_t kStackFlags = SS_ONSTACK | SS_DISABLE | (1U << 31);  // SS_AUTODISARM
constexpr size_t kInstruction = 8;                                      // struct sock_filter
constexpr size_t kMaxInstructions = 4096;                               // BPF_MAXINSNS
constexpr uint32_t kFilterFlags = 2;                                    // SECCOMP_FILTER_FLAG_LOG

void check_registers(const Thread& thread) {
    const Registers& registers = thread.registers();
    check_known(registers);
    // The segments of user space have privilege 3 in the kernel's eyes as well (ptrace: EIO).
    if ((registers.cs() & 3) != 3)
        refuse("its code segment {:#x} is not one of user space", registers.cs());
    check_address(registers.fs_base(), "its fs base");
    check_address(registers.gs_base(), "its gs base");
    if (!registers.tls().empty() && registers.tls().size() != kTlsBytes)
        refuse("its TLS descriptors have {} bytes", registers.tls().size());
    if (!registers.debug().empty() && registers.debug_size() != 6)
        refuse("it has {} debug registers", registers.debug_size());
    if (thread.xstate().size() < kMinXstate || thread.xstate().size() > kMaxXstate)
        refuse("its extended registers have {} bytes", thread.xstate().size());
}

void check_pointers(const Thread& thread) {
    const AltStack& stack = thread.altstack();
    check_known(stack);
    if ((stack.flags() & ~kStackFlags) != 0)
        refuse("its alternate stack has the flags {:#x}", stack.flags());
    // set_robust_list(2) takes exactly sizeof(struct robust_list_head).
    if (thread.robust_list_size() != 0 && thread.robust_list_size() != 24)
        refuse("its robust list head has {} bytes", thread.robust_list_size());
    if (thread.has_rseq()) {
        check_known(thread.rseq());
        check_address(thread.rseq().address(), "its rseq area");
        if (thread.rseq().size() > 4096)
            refuse("its rseq area has {} bytes", thread.rseq().size());
    }
    if (!Thread::MemoryFailure_IsValid(thread.memory_failure()))
        refuse("its policy of memory failures is {}", static_cast<int>(thread.memory_failure()));
    check_known(thread.syscall_dispatch());
    if (thread.syscall_dispatch().mode() > 2)
        refuse("its syscall dispatch mode is {}", thread.syscall_dispatch().mode());
}

void check_scheduling(const Scheduling& sched) {
    check_known(sched);
    if (sched.policy() > 7 || sched.policy() == 4)
        refuse("its scheduling policy is {}", sched.policy());
    if (sched.nice() < -20 || sched.nice() > 19)
        refuse("its nice value is {}", sched.nice());
    if (sched.rt_priority() > 99)
        refuse("its real-time priority is {}", sched.rt_priority());
    if (sched.affinity().size() > kMaxAffinity)
        refuse("its CPU mask has {} bytes", sched.affinity().size());
    if (sched.ioprio() > 0xffff)
        refuse("its I/O priority is {:#x}", sched.ioprio());
}

void check_seccomp(const Index& index, const Thread& thread) {
    if (thread.seccomp_mode() > 2)
        refuse("its seccomp mode is {}", thread.seccomp_mode());
    // A filtered thread whose filters got lost would come back with more power than it had.
    if ((thread.seccomp_mode() == 2) != !thread.seccomp_filters().empty())
        refuse("its seccomp mode is {}, with {} filters", thread.seccomp_mode(),
               thread.seccomp_filters_size());
    for (uint32_t id : thread.seccomp_filters()) {
        if (index.filter(id) == nullptr)
            refuse("its seccomp filter {} is not in the image", id);
    }
}

}  // namespace

void check_creds(const Creds& creds) {
    check_known(creds);
    for (uint32_t id : {creds.ruid(), creds.euid(), creds.suid(), creds.fsuid()})
        check_id(id, "a user of its credentials");
    for (uint32_t id : {creds.rgid(), creds.egid(), creds.sgid(), creds.fsgid()})
        check_id(id, "a group of its credentials");
    if (creds.groups_size() > kMaxGroups)
        refuse("it has {} groups", creds.groups_size());
    for (uint32_t id : creds.groups())
        check_id(id, "a supplementary group");
    // capset(2) and prctl(2) would say EPERM, late and without a reason.
    if ((creds.effective() & ~creds.permitted()) != 0)
        refuse("its effective capabilities {:#x} are not all permitted", creds.effective());
    if ((creds.ambient() & ~(creds.permitted() & creds.inheritable())) != 0)
        refuse("its ambient capabilities {:#x} are not permitted and inheritable", creds.ambient());
    if (creds.securebits() > 0xfff)
        refuse("its securebits are {:#x}", creds.securebits());
}

void check_thread(const Index& index, const Task& task, const Thread& thread) {
    check_known(thread);
    check_text(thread.comm(), 15, "its name");
    check_creds(thread.creds());
    bool dead = task.state() == Task::ZOMBIE || thread.exited();
    if (thread.exited() && thread.tid() != task.pid())
        refuse("it has exited, and is not the leader");
    if (dead)
        return;
    if (!thread.has_registers() || !thread.has_creds())
        refuse("it has no registers or credentials");
    check_registers(thread);
    for (const Siginfo& info : thread.pending())
        check_siginfo(info);
    check_pointers(thread);
    check_signal_or_none(thread.pdeath_signal(), "its parent-death signal");
    check_scheduling(thread.sched());
    check_policy(thread.memory_policy());
    check_seccomp(index, thread);
}

void check_filters(const Index& index) {
    for (const SeccompFilter& filter : index.image().filters) {
        ErrorContext context("seccomp filter", filter.id());
        check_known(filter);
        size_t size = filter.program().size();
        if (size == 0 || size % kInstruction != 0 || size > kMaxInstructions * kInstruction)
            refuse("its program has {} bytes", size);
        if ((filter.flags() & ~kFilterFlags) != 0)
            refuse("its flags are {:#x}", filter.flags());
    }
}

}  // namespace crtool::image::checks
