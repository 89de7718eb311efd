// See thread.h.
#include "dump/thread.h"

#include <fmt/format.h>

#include "arch/x86_64/register_record.h"
#include "base/error.h"

namespace crtool::dump {
namespace {

constexpr unsigned kFirstTlsEntry = 12;  // GDT_ENTRY_TLS_MIN of x86_64
constexpr size_t kTlsEntries = 3;
constexpr size_t kSlotBytes = 16;  // struct user_desc
constexpr unsigned kSiginfoBytes = 128;

void record_signals(pid_t tid, bool shared,
                    google::protobuf::RepeatedPtrField<image::Siginfo>& out) {
    out.Clear();
    for (const siginfo_t& info : tracee::peek_siginfo(tid, shared))
        out.Add()->set_info(&info, kSiginfoBytes);
}

void record_creds(const sys::TaskStatus& status, image::Creds& creds) {
    creds.set_ruid(status.uids[0]);
    creds.set_euid(status.uids[1]);
    creds.set_suid(status.uids[2]);
    creds.set_fsuid(status.uids[3]);
    creds.set_rgid(status.gids[0]);
    creds.set_egid(status.gids[1]);
    creds.set_sgid(status.gids[2]);
    creds.set_fsgid(status.gids[3]);
    for (gid_t group : status.groups)
        creds.add_groups(group);
    creds.set_inheritable(status.cap_inheritable);
    creds.set_permitted(status.cap_permitted);
    creds.set_effective(status.cap_effective);
    creds.set_bounding(status.cap_bounding);
    creds.set_ambient(status.cap_ambient);
}

// TLS descriptors and hardware breakpoints: rare, but asked of every thread.
void record_cpu_extras(pid_t tid, image::Registers& registers) {
    std::string tls(kTlsEntries * kSlotBytes, '\0');
    bool any = false;
    for (size_t i = 0; i < kTlsEntries; i++)
        if (std::optional<std::string> slot =
                tracee::get_thread_area(tid, kFirstTlsEntry + static_cast<unsigned>(i))) {
            tls.replace(i * kSlotBytes, kSlotBytes, *slot);
            any = true;
        }
    if (any)
        registers.set_tls(tls);
    if ((tracee::get_debug_register(tid, 7) & 0xff) == 0)
        return;
    for (unsigned index : {0u, 1u, 2u, 3u, 6u, 7u})
        registers.add_debug(tracee::get_debug_register(tid, index));
}

void record_thread(const TaskProbe& task, size_t index, SeccompTable& filters,
                   image::Thread& record) {
    const tracee::ThreadState& state = task.threads[index];
    const sys::TaskStatus& status = task.statuses[index];
    record.set_tid(static_cast<uint32_t>(state.tid));
    record.set_comm(status.name);
    arch::to_record(state.interrupted, *record.mutable_registers());
    record_cpu_extras(state.tid, *record.mutable_registers());
    record.set_xstate(state.xstate);
    record.set_signal_mask(state.sigmask);
    if (status.sig_pending != 0)
        record_signals(state.tid, false, *record.mutable_pending());
    if (state.rseq.address != 0) {
        image::Rseq& rseq = *record.mutable_rseq();
        rseq.set_address(state.rseq.address);
        rseq.set_size(state.rseq.size);
        rseq.set_signature(state.rseq.signature);
        rseq.set_critical_section(state.rseq_cs);
    }
    record_creds(status, *record.mutable_creds());
    record.set_no_new_privs(status.no_new_privs);
    record.set_seccomp_mode(static_cast<uint32_t>(status.seccomp_mode));
    if (status.seccomp_mode == 2)
        filters.record_chain(state.tid, record);
    if (state.dispatch.mode != 0) {
        image::SyscallDispatch& dispatch = *record.mutable_syscall_dispatch();
        dispatch.set_mode(state.dispatch.mode);
        dispatch.set_offset(state.dispatch.offset);
        dispatch.set_length(state.dispatch.length);
        dispatch.set_selector(state.dispatch.selector);
    }
}

}  // namespace

void record_threads(TaskProbe& task, SeccompTable& filters) {
    if (task.frozen.leader_exited()) {
        image::Thread* leader = task.record.add_threads();
        leader->set_tid(task.record.pid());
        leader->set_comm(task.frozen.stat.comm);
        leader->set_exited(true);
    }
    for (size_t i = 0; i < task.threads.size(); i++) {
        ErrorContext context("thread", task.threads[i].tid);
        record_thread(task, i, filters, *task.record.add_threads());
    }
    if (task.statuses.front().shd_pending != 0)
        record_signals(task.threads.front().tid, true, *task.record.mutable_shared_pending());
}

void record_pending(TaskProbe& task, size_t index) {
    pid_t tid = task.threads[index].tid;
    record_signals(tid, false, *thread_record(task, index).mutable_pending());
    record_signals(tid, true, *task.record.mutable_shared_pending());
}

void record_zombie(TaskProbe& task) {
    image::Thread& thread = *task.record.add_threads();
    thread.set_tid(task.record.pid());
    thread.set_comm(task.frozen.stat.comm);
    thread.set_exited(true);
    thread.set_signal_mask(task.statuses.front().sig_blocked);
    record_creds(task.statuses.front(), *thread.mutable_creds());
}

image::Thread& thread_record(TaskProbe& task, size_t index) {
    int first = task.record.leader_exited() ? 1 : 0;
    return *task.record.mutable_threads(first + static_cast<int>(index));
}

}  // namespace crtool::dump
