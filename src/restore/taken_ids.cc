// See taken_ids.h.
#include "restore/taken_ids.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>

#include <charconv>
#include <filesystem>

#include "arch/x86_64/raw_syscall.h"
#include "base/error.h"
#include "sys/proc_dir.h"
#include "sys/proc_stat.h"

namespace crtool::restore {
namespace {

// Milliseconds.
constexpr int kDeadSteps = 5000;
constexpr int kLivingSteps = 500;

std::optional<sys::TaskStat> stat_of(pid_t pid) {
    auto proc = sys::ProcDir::try_open(pid);
    auto text = proc ? proc->try_read("stat") : std::nullopt;
    return text ? std::optional(sys::parse_stat(*text)) : std::nullopt;
}

bool is_dead(const std::optional<sys::TaskStat>& stat) {
    return stat && (stat->state == 'Z' || stat->state == 'X');
}

// "the process group of 'sleep' (pid 43)"
std::string whose_group(uint32_t id) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::string name = entry.path().filename();
        pid_t pid = 0;
        std::from_chars(name.data(), name.data() + name.size(), pid);
        auto stat = pid > 0 ? stat_of(pid) : std::nullopt;
        if (stat && static_cast<uint32_t>(stat->pgrp) == id)
            return fmt::format("the process group of '{}' (pid {})", stat->comm, pid);
    }
    return "another process";
}

[[noreturn]] void fail_taken(uint32_t id, uint32_t own) {
    if (id == own)
        fail(Errc::system, "pid {} is crtool's own; run it again, or as a child of another process",
             id);
    auto stat = stat_of(static_cast<pid_t>(id));
    std::string who = stat ? fmt::format("'{}'", stat->comm) : whose_group(id);
    if (is_dead(stat))
        who += ", which has ended, but its parent does not wait for it";
    fail_errno(EEXIST, "pid {} is taken by {}", id, who);
}

}  // namespace

FreeIds::FreeIds(uint32_t own) : own_(own), file_(sys::memfd("numbers")) {}

// kill(2) asks who has the number, which is nobody's some time before it can be given again
// (release_task() of kernel/exit.c, kernel ≥ 6.15), nor would it find a session without processes
// of a group of that number. An owner of a file is asked for by the number itself (f_setown() of
// fs/fcntl.c).
bool FreeIds::is_free(uint32_t id) const {
    return arch::raw_syscall(SYS_fcntl, static_cast<uint64_t>(file_.get()), F_SETOWN, id) == -ESRCH;
}

void FreeIds::await(uint32_t id) const {
    for (int step = 0; !is_free(id); step++) {
        bool dead = is_dead(stat_of(static_cast<pid_t>(id)));
        if (id == own_ || step == kDeadSteps || (step >= kLivingSteps && !dead))
            fail_taken(id, own_);
        timespec time{0, 1'000'000};
        nanosleep(&time, nullptr);
    }
}

}  // namespace crtool::restore
