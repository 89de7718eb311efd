// See share_plan.h.
#include "restore/share_plan.h"

#include <sched.h>

#include <unordered_map>

#include "restore/pid_plan.h"

namespace crtool::restore {
namespace {

constexpr std::array<uint64_t, 4> kFlags{CLONE_VM, CLONE_FILES, CLONE_FS, CLONE_SIGHAND};

}  // namespace

SharePlan::SharePlan(const image::Image& image) {
    std::unordered_map<uint32_t, uint32_t> index;
    for (uint32_t i = 0; i < image.tasks.size(); i++) {
        const image::Task& task = image.tasks[i];
        index[task.pid()] = i;
        std::array<uint32_t, 4> pids{task.shares_vm(), task.shares_files(), task.shares_fs(),
                                     task.shares_sighand()};
        auto& owners = owners_.emplace_back();
        for (size_t table = 0; table < pids.size(); table++)
            owners[table] = pids[table] == 0 ? i : owners_[index.at(pids[table])][table];
    }
}

bool SharePlan::fits(uint32_t task, uint32_t forker) const {
    for (size_t table = 0; table < kFlags.size(); table++) {
        uint32_t owner = owners_[task][table];
        if (owner != task && (forker == kNone || owners_[forker][table] != owner))
            return false;
    }
    return true;
}

uint64_t SharePlan::flags(uint32_t task, uint32_t forker) const {
    uint64_t flags = 0;
    for (size_t table = 0; table < kFlags.size(); table++)
        if (owners_[task][table] != task && owners_[task][table] == owners_[forker][table])
            flags |= kFlags[table];
    return flags;
}

}  // namespace crtool::restore
