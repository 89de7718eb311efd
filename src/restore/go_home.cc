// See go_home.h.
#include "restore/go_home.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include <chrono>
#include <optional>
#include <span>
#include <thread>

#include "arch/x86_64/raw_syscall.h"
#include "arch/x86_64/register_record.h"
#include "arch/x86_64/restart.h"
#include "base/error.h"
#include "base/fault.h"
#include "parasite/blob_bytes.h"
#include "restore/signal_script.h"
#include "restore/thread_script.h"
#include "tracee/ptrace.h"
#include "tracee/remote.h"

namespace crtool::restore {
namespace {

constexpr uint64_t kRseqCsOffset = 8;  // of rseq_cs in struct rseq
constexpr unsigned kDebugControl = 7;
constexpr std::chrono::microseconds kLittleLater{100};
// dr4 and dr5 do not exist.
constexpr unsigned kDebugRegisters[] = {0, 1, 2, 3, 6, kDebugControl};

template <typename Act>
void for_threads(const Context& ctx, Act act) {
    for (const image::Task& task : ctx.image.tasks) {
        if (task.state() == image::Task::ZOMBIE)
            continue;
        for (const image::Thread& thread : task.threads())
            if (!thread.exited())
                act(task, thread);
    }
}

// The thread that makes its task stop has been waited for already (await_stops).
bool has_stopped(const image::Task& task, const image::Thread& thread) {
    return task.state() == image::Task::STOPPED && &first_live(task) == &thread;
}

// A thread that sleeps on must have been interrupted in its sleep, not on its way there.
bool has_arrived(const Context& ctx, const image::Thread& thread) {
    auto sleep = ctx.sleeps.find(thread.tid());
    if (sleep == ctx.sleeps.end() || sleep->second->result != kAsleep)
        return true;
    tracee::Registers now = tracee::get_registers(static_cast<pid_t>(thread.tid()));
    return now.orig_rax == SYS_clock_nanosleep &&
           arch::interrupted(now) == arch::Interrupted::restart_block;
}

// Until the thread stands where it was asked to.
void await_stop(const Context& ctx, const image::Thread& thread) {
    auto tid = static_cast<pid_t>(thread.tid());
    for (;;) {
        tracee::WaitStatus status = tracee::wait(tid);
        if (status.is_event_stop() && has_arrived(ctx, thread))
            return;
        if (status.ended())
            fail(Errc::gone, "thread {} ended while it was restored", tid);
        // Any other stop takes the place of the one that was asked for.
        if (!status.is_event_stop())
            tracee::interrupt(tid);
        tracee::resume(tid, status.is_signal_delivery() ? status.stop_signal() : 0);
        if (status.is_event_stop()) {
            std::this_thread::sleep_for(kLittleLater);
            tracee::interrupt(tid);
        }
    }
}

// The other threads of a stopped task come to the group stop by themselves.
void stop_all(const Context& ctx) {
    fault::point("stop the restored threads");
    for_threads(ctx, [](const image::Task& task, const image::Thread& thread) {
        if (task.state() != image::Task::STOPPED)
            tracee::interrupt(static_cast<pid_t>(thread.tid()));
    });
    for_threads(ctx, [&ctx](const image::Task& task, const image::Thread& thread) {
        if (!has_stopped(task, thread))
            await_stop(ctx, thread);
    });
}

uint64_t syscall_instruction(const Context& ctx) {
    std::span code(parasite::kBlob, parasite::kBlobSize);
    for (size_t at = 0; at + 1 < code.size(); at++)
        if (code[at] == 0x0f && code[at + 1] == 0x05)
            return ctx.blob + at;
    fail(Errc::internal, "the blob makes no system calls");
}

// munmap(2) of the arena, by an instruction that lies in it: the thread is held on its way out of
// the call and goes on with its own registers, so what follows the instruction is never fetched.
void leave_address_spaces(const Context& ctx) {
    fault::point("leave the restored address spaces");
    std::vector<tracee::RemoteCall> calls;
    uint64_t instruction = syscall_instruction(ctx);
    uint32_t last = 0;
    for_threads(ctx, [&](const image::Task& task, const image::Thread& thread) {
        if (task.shares_vm() != 0 || task.pid() == last)
            return;
        last = task.pid();
        tracee::RemoteCall call;
        call.tid = static_cast<pid_t>(thread.tid());
        call.syscall_address = instruction;
        call.base = tracee::get_registers(call.tid);
        call.number = SYS_munmap;
        call.args = {ctx.arena.task_address(), ctx.arena.size()};
        calls.push_back(call);
    });
    tracee::run_remote(calls);
    for (const tracee::RemoteCall& call : calls)
        if (call.result != 0)
            fail_errno(static_cast<int>(-call.result), "task {}: cannot unmap the arena", call.tid);
}

void set_debug_registers(pid_t tid, const image::Registers& registers) {
    for (int i = 0; i < registers.debug_size(); i++)
        tracee::set_debug_register(tid, kDebugRegisters[i], registers.debug(i));
}

void set_tls(pid_t tid, const std::string& tls) {
    constexpr size_t kSlotBytes = 16;  // struct user_desc
    for (size_t at = 0; at + kSlotBytes <= tls.size(); at += kSlotBytes) {
        std::string slot = tls.substr(at, kSlotBytes);
        if (slot.find_first_not_of('\0') != std::string::npos)
            tracee::set_thread_area(tid, static_cast<uint8_t>(slot[0]), slot);
    }
}

// The kernel takes a whole XSAVE area of its own size only; what an image of a smaller one has not
// is in its initial state.
void set_fpu(pid_t tid, const std::string& xstate, size_t size) {
    if (xstate.empty())
        return;
    if (xstate.size() == size)
        return tracee::set_xstate(tid, xstate);
    std::string padded = xstate;
    padded.resize(size);
    tracee::set_xstate(tid, padded);
}

// All threads stand in a PTRACE_EVENT_STOP, so that the kernel restarts what was interrupted, or
// ends it for the handler of a signal that waits. A thread that sleeps on has its restart block.
tracee::Registers home_registers(const Context& ctx, const image::Thread& thread) {
    tracee::Registers registers = arch::from_record(thread.registers());
    auto sleep = ctx.sleeps.find(thread.tid());
    if (sleep == ctx.sleeps.end())
        return arch::without_restart_block(registers);
    int64_t result = sleep->second->result;
    if (result == kAsleep)
        return registers;
    if (result != 0)
        return arch::without_restart_block(registers);
    registers.rax = 0;  // the time was over meanwhile
    registers.orig_rax = ~uint64_t{0};
    return registers;
}

void dress(const Context& ctx, const image::Task& task, const image::Thread& thread,
           size_t xstate_size) {
    auto tid = static_cast<pid_t>(thread.tid());
    ErrorContext context("thread", tid);
    set_fpu(tid, thread.xstate(), xstate_size);
    set_tls(tid, thread.registers().tls());
    set_debug_registers(tid, thread.registers());
    tracee::set_sigmask(tid, thread.signal_mask());
    if (thread.rseq().critical_section() != 0) {
        uint64_t section = thread.rseq().critical_section();
        tracee::write_memory(static_cast<pid_t>(task.pid()),
                             thread.rseq().address() + kRseqCsOffset,
                             std::as_bytes(std::span(&section, 1)));
    }
    if (thread.syscall_dispatch().mode() != 0) {
        const image::SyscallDispatch& dispatch = thread.syscall_dispatch();
        tracee::set_syscall_dispatch(
            tid, {dispatch.mode(), dispatch.selector(), dispatch.offset(), dispatch.length()});
    }
    tracee::set_registers(tid, home_registers(ctx, thread));
}

// Nobody can look at the siginfo of a SIGSTOP: it cannot be waited for. A task that stands in a
// group stop keeps it pending, any other will stop.
void send_pending_stops(const image::Task& task) {
    if (has_pending(task.shared_pending(), SIGSTOP))
        arch::raw_syscall(SYS_kill, task.pid(), SIGSTOP);
    for (const image::Thread& thread : task.threads())
        if (has_pending(thread.pending(), SIGSTOP))
            arch::raw_syscall(SYS_tgkill, task.pid(), thread.tid(), SIGSTOP);
}

// A task that somebody has killed a moment ago had its own life already.
void outlive(auto act) {
    try {
        act();
    } catch (const Error& error) {
        if (error.code() != Errc::gone)
            throw;
    }
}

}  // namespace

void await_stops(const Context& ctx, BoardWatch& watch) {
    // A parent stops after its children have.
    for (auto task = ctx.image.tasks.rbegin(); task != ctx.image.tasks.rend(); ++task) {
        if (task->state() != image::Task::STOPPED)
            continue;
        auto tid = static_cast<pid_t>(first_live(*task).tid());
        for (;;) {
            std::optional<tracee::WaitStatus> status = tracee::try_wait(tid);
            if (!status) {
                watch.glance();
                continue;
            }
            if (status->is_group_stop())
                break;
            if (status->ended())
                fail(Errc::gone, "task {} ended while it was restored", task->pid());
            tracee::resume(tid, status->is_signal_delivery() ? status->stop_signal() : 0);
        }
    }
}

void await_leader_ends(const Context& ctx, BoardWatch& watch) {
    for (uint32_t* alive : ctx.leaders_alive)
        while (__atomic_load_n(alive, __ATOMIC_SEQ_CST) != 0)
            watch.glance();
}

void bring_home(const Context& ctx, const Tree& tree) {
    stop_all(ctx);
    leave_address_spaces(ctx);
    fault::point("set the registers");
    size_t xstate_size = tracee::get_xstate(tree.traced().front()).size();
    for_threads(ctx, [&](const image::Task& task, const image::Thread& thread) {
        dress(ctx, task, thread, xstate_size);
    });
}

void let_go(const Context& ctx, Tree& tree) {
    for (pid_t tid : tree.traced())
        outlive([&] { tracee::set_options(tid, 0); });
    tree.let_go();
    for (const image::Task& task : ctx.image.tasks)
        send_pending_stops(task);
    if (ctx.options.leave_stopped)
        for (const image::Task& task : ctx.image.tasks)
            if (task.state() != image::Task::ZOMBIE)
                arch::raw_syscall(SYS_kill, task.pid(), SIGSTOP);
    for (pid_t tid : tree.traced())
        outlive([&] { tracee::detach(tid); });
}

}  // namespace crtool::restore
