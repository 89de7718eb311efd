// See sleep_script.h.
#include "restore/sleep_script.h"

#include <sys/syscall.h>
#include <time.h>

#include <array>
#include <optional>
#include <span>

#include "arch/x86_64/register_record.h"
#include "arch/x86_64/restart.h"
#include "sys/file_io.h"

namespace crtool::restore {
namespace {

using parasite::kPageBytes;

struct Sleep {
    int clock;
    uint64_t remaining;  // address of the struct timespec that the kernel has written
};

// A sleep until a point in time has no remaining time: it is simply called again.
std::optional<Sleep> interrupted_sleep(const image::Thread& thread) {
    user_regs_struct registers = arch::from_record(thread.registers());
    if (arch::interrupted(registers) != arch::Interrupted::restart_block)
        return std::nullopt;
    Sleep sleep{};
    if (registers.orig_rax == SYS_nanosleep)
        sleep = {CLOCK_MONOTONIC, registers.rsi};
    else if (registers.orig_rax == SYS_clock_nanosleep && (registers.rsi & TIMER_ABSTIME) == 0)
        sleep = {static_cast<int>(registers.rdi), registers.r10};
    if (sleep.remaining == 0)
        return std::nullopt;
    return sleep;
}

// Bytes of the task's memory, out of the image; false when they were not stored.
bool read_saved(const TaskBuild& build, uint64_t address, std::span<std::byte> bytes) {
    while (!bytes.empty()) {
        uint64_t page = address / kPageBytes * kPageBytes;
        size_t part = std::min<size_t>(bytes.size(), page + kPageBytes - address);
        std::optional<uint64_t> index = build.ctx.pages.stored(build.plan().task, page);
        if (!index)
            return false;
        sys::read_exactly(build.ctx.pages_fd, bytes.first(part),
                          *index * kPageBytes + (address - page));
        address += part;
        bytes = bytes.subspan(part);
    }
    return true;
}

bool is_sane(const timespec& time) {
    return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000;
}

}  // namespace

void emit_park(TaskBuild& build, const image::Thread& thread) {
    parasite::ScriptBuilder& script = build.script;
    // A task that job control has stopped stops before it could fall asleep.
    std::optional<Sleep> sleep =
        build.task.state() == image::Task::STOPPED ? std::nullopt : interrupted_sleep(thread);
    timespec left{};
    if (sleep && read_saved(build, sleep->remaining, std::as_writable_bytes(std::span(&left, 1))) &&
        is_sane(left)) {
        script.about("thread", thread.tid());
        parasite::Ref call = script.call(
            "sleep on", SYS_clock_nanosleep,
            {sleep->clock, 0, script.arena().put(left), sleep->remaining}, parasite::kAny);
        build.sleeping = call.op;
    }
    script.call("park", parasite::kPark, {});
}

}  // namespace crtool::restore
