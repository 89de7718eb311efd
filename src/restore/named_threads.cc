// See named_threads.h.
#include "restore/named_threads.h"

#include "sys/proc_dir.h"

namespace crtool::restore {

namespace {

// 0: it stands for none.
uint32_t thread_of(const image::OpenFile& file) {
    if (file.pidfd().of_thread())
        return file.pidfd().pid();
    auto proc = sys::parse_proc_path(file.regular().path());
    if (!proc || file.regular().of_dead_task())
        return 0;
    return static_cast<uint32_t>(proc->tid != 0 ? proc->tid : proc->pid);
}

}  // namespace

std::unordered_set<uint32_t> tasks_of_named_threads(const image::Image& image) {
    std::unordered_set<uint32_t> named;
    for (const image::OpenFile& file : image.files)
        named.insert(thread_of(file));
    named.erase(0);
    std::unordered_set<uint32_t> tasks;
    if (named.empty())
        return tasks;
    for (const image::Task& task : image.tasks)
        for (int index = 1; index < task.threads_size(); index++)
            if (named.contains(task.threads(index).tid()))
                tasks.insert(task.pid());
    return tasks;
}

}  // namespace crtool::restore
