// See signal_script.h. Structures are the kernel's (asm/signal.h), not those of the C library.
#include "restore/signal_script.h"

#include <signal.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstring>

#include "parasite/kernel_signals.h"

namespace crtool::restore {
namespace {

constexpr uint32_t kFirstRealTime = 32;

struct KernelTimespec {
    int64_t seconds, nanoseconds;
};

int signal_of(const image::Siginfo& pending) {
    int number = 0;
    // si_signo is the first field
    std::memcpy(&number, pending.info().data(), sizeof number);
    return number;
}

}  // namespace

bool has_pending(const Queue& queue, int signal) {
    return std::ranges::any_of(
        queue, [&](const image::Siginfo& pending) { return signal_of(pending) == signal; });
}

void emit_flush(TaskBuild& build, std::vector<uint32_t> signals) {
    if (signals.empty())
        return;
    // Those below SIGRTMIN are pending once, however often they were sent.
    std::ranges::sort(signals);
    auto twice = [](uint32_t a, uint32_t b) { return a == b && a < kFirstRealTime; };
    signals.erase(std::ranges::unique(signals, twice).begin(), signals.end());
    build.script.about("signals");
    uint64_t now = build.script.arena().put(KernelTimespec{0, 0});
    for (uint32_t signal : signals) {
        uint64_t mask = build.script.arena().put(uint64_t{1} << (signal - 1));
        build.script.call("take a signal of the restore", SYS_rt_sigtimedwait,
                          {mask, 0, now, parasite::kKernelSigsetBytes}, parasite::kAny);
    }
}

void emit_actions(TaskBuild& build) {
    if (build.task.shares_sighand() != 0)
        return;
    for (const image::SignalAction& action : build.task.actions()) {
        build.script.about("signal", action.signal());
        uint64_t address = build.script.arena().put(parasite::KernelAction{
            action.handler(), action.flags(), action.restorer(), action.mask()});
        build.script.call("set the action", SYS_rt_sigaction,
                          {action.signal(), address, 0, parasite::kKernelSigsetBytes});
    }
}

void emit_shared_pending(TaskBuild& build) {
    for (const image::Siginfo& pending : build.task.shared_pending()) {
        int signal = signal_of(pending);
        if (signal == SIGSTOP)
            continue;
        build.script.about("pending signal", signal);
        uint64_t info = build.script.arena().put_bytes(pending.info());
        build.script.call("queue it", SYS_rt_sigqueueinfo, {build.task.pid(), signal, info});
    }
}

void emit_private_pending(TaskBuild& build, const image::Thread& thread) {
    for (const image::Siginfo& pending : thread.pending()) {
        int signal = signal_of(pending);
        if (signal == SIGSTOP)
            continue;
        build.script.about("pending signal", signal);
        uint64_t info = build.script.arena().put_bytes(pending.info());
        build.script.call("queue it", SYS_rt_tgsigqueueinfo,
                          {build.task.pid(), thread.tid(), signal, info});
    }
}

}  // namespace crtool::restore
