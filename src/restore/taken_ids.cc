// See taken_ids.h.
#include "restore/taken_ids.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <time.h>

#include <optional>
#include <string>

#include "arch/x86_64/raw_syscall.h"
#include "base/error.h"
#include "sys/fd.h"
#include "sys/proc_dir.h"
#include "sys/proc_stat.h"

namespace crtool::restore {
namespace {

// Milliseconds.
constexpr int kDeadSteps = 5000;
constexpr int kLivingSteps = 500;
constexpr int kLookSteps = 100;  // who has a group is not seen at once

std::optional<sys::TaskStat> stat_of(pid_t pid) {
    auto proc = sys::ProcDir::try_open(pid);
    auto text = proc ? proc->try_read("stat") : std::nullopt;
    return text ? std::optional(sys::parse_stat(*text)) : std::nullopt;
}

bool is_dead(const sys::TaskStat& stat) {
    return stat.state == 'Z' || stat.state == 'X';
}

struct Holder {
    std::string name = "another process";
    bool dead = false;
};

// "the process group of 'sleep' (pid 43)"; of a group or session it is dead when all of it is.
Holder member_of(uint32_t id) {
    Holder found;
    sys::UniqueFd proc = sys::open_at(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY);
    for (int pid : sys::list_numbers(proc.get())) {
        auto stat = stat_of(pid);
        bool in_group = stat && static_cast<uint32_t>(stat->pgrp) == id;
        if (!in_group && !(stat && static_cast<uint32_t>(stat->session) == id))
            continue;
        found = {fmt::format("the {} of '{}' (pid {})", in_group ? "process group" : "session",
                             stat->comm, pid),
                 is_dead(*stat)};
        if (!found.dead)
            break;
    }
    return found;
}

Holder holder_of(uint32_t id) {
    auto stat = stat_of(static_cast<pid_t>(id));
    return stat ? Holder{fmt::format("'{}'", stat->comm), is_dead(*stat)} : member_of(id);
}

[[noreturn]] void fail_taken(uint32_t id, uint32_t own) {
    if (id == own)
        fail(Errc::system, "pid {} is crtool's own; run it again, or as a child of another process",
             id);
    Holder holder = holder_of(id);
    fail_errno(EEXIST, "pid {} is taken by {}{}", id, holder.name,
               holder.dead ? ", which has ended, but its parent does not wait for it"
                           : " (end that, and restore again)");
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
        bool look = step >= kLivingSteps && step % kLookSteps == 0;
        if (id == own_ || step == kDeadSteps || (look && !holder_of(id).dead))
            fail_taken(id, own_);
        timespec time{0, 1'000'000};
        nanosleep(&time, nullptr);
    }
}

}  // namespace crtool::restore
