// See named_threads.h.
#include "restore/named_threads.h"

namespace crtool::restore {

std::unordered_set<uint32_t> tasks_of_named_threads(const image::Image& image) {
    std::unordered_set<uint32_t> named;
    for (const image::OpenFile& file : image.files)
        if (file.pidfd().of_thread())
            named.insert(file.pidfd().pid());
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
