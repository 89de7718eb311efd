// See sharing.h. kcmp(2) orders kernel objects, so sorting brings equal ones together.
#include "dump/sharing.h"

#include <algorithm>
#include <vector>

#include "sys/kcmp.h"

namespace crtool::dump {
namespace {

using Setter = void (image::Task::*)(uint32_t);

void find_one(std::span<TaskProbe> tasks, sys::KcmpKind kind, Setter set) {
    std::vector<TaskProbe*> sorted;
    for (TaskProbe& task : tasks)
        if (!task.zombie())
            sorted.push_back(&task);
    auto pid = [](const TaskProbe* task) { return task->threads.front().tid; };
    // Tasks come in image order; a stable sort keeps the first owner first.
    std::ranges::stable_sort(sorted, [&](const TaskProbe* a, const TaskProbe* b) {
        return sys::kcmp(pid(a), pid(b), kind) == std::strong_ordering::less;
    });
    for (size_t i = 1, first = 0; i < sorted.size(); i++) {
        if (sys::kcmp(pid(sorted[first]), pid(sorted[i]), kind) == std::strong_ordering::equal)
            (sorted[i]->record.*set)(static_cast<uint32_t>(sorted[first]->pid()));
        else
            first = i;
    }
}

}  // namespace

void find_sharing(std::span<TaskProbe> tasks) {
    if (tasks.size() < 2)
        return;
    find_one(tasks, sys::KcmpKind::memory, &image::Task::set_shares_vm);
    find_one(tasks, sys::KcmpKind::files, &image::Task::set_shares_files);
    find_one(tasks, sys::KcmpKind::fs, &image::Task::set_shares_fs);
    find_one(tasks, sys::KcmpKind::signal_handlers, &image::Task::set_shares_sighand);
}

}  // namespace crtool::dump
