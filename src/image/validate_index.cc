// The index of ids that the checks work on: see validate_internal.h.
#include "image/format.h"
#include "image/validate_internal.h"

namespace crtool::image::checks {
namespace {

template <typename Map, typename Records>
void add_all(Map& map, const Records& records, const char* what) {
    map.reserve(records.size());
    for (const auto& record : records) {
        if (record.id() == 0)
            refuse("a {} has the id 0", what);
        if (!map.emplace(record.id(), &record).second)
            refuse("two {}s have the id {}", what, record.id());
    }
}

}  // namespace

Index::Index(const Image& image) : image_(image) {
    add_all(files_, image.files, "file");
    add_all(pipes_, image.pipes, "pipe");
    add_all(ttys_, image.ttys, "terminal");
    add_all(mqueues_, image.mqueues, "message queue");
    add_all(contents_, image.contents, "content");
    add_all(filters_, image.filters, "seccomp filter");
    for (const PageIndex& index : image.page_indexes) {
        if (!page_indexes_.emplace(index.pid(), &index).second)
            refuse("two page indexes of task {}", index.pid());
    }
    for (const Task& task : image.tasks) {
        if (task.pid() == 0 || task.pid() >= kMaxPid)
            refuse("{} is no pid", task.pid());
        if (!tasks_.emplace(task.pid(), &task).second)
            refuse("two tasks have the pid {}", task.pid());
        add_threads(task);
    }
    for (const PageIndex& index : image.page_indexes) {
        if (!tasks_.contains(index.pid()))
            refuse("a page index of task {}, which is not in the image", index.pid());
    }
    for (const FileDigest& file : image.inventory.files()) {
        if (file.name() == kPagesName)
            pages_ = file.size() / kPageSize;
    }
}

// Pids and tids are one space of numbers.
void Index::add_threads(const Task& task) {
    for (const Thread& thread : task.threads()) {
        if (thread.tid() == 0 || thread.tid() >= kMaxPid)
            refuse("task {}: {} is no tid", task.pid(), thread.tid());
        if (!threads_.emplace(thread.tid(), task.pid()).second)
            refuse("two threads have the tid {}", thread.tid());
    }
    // A task without threads (a zombie) has its number all the same.
    if (task.threads().empty() && !threads_.emplace(task.pid(), task.pid()).second)
        refuse("the pid {} is a thread of another task", task.pid());
}

uint32_t Index::owner_of_thread(uint32_t tid) const {
    auto at = threads_.find(tid);
    return at == threads_.end() ? 0 : at->second;
}

const Task& Index::owner_of_vm(const Task& task) const {
    const Task* owner = task.shares_vm() == 0 ? &task : this->task(task.shares_vm());
    if (owner == nullptr)
        refuse("task {} shares memory with {}, which is not in the image", task.pid(),
               task.shares_vm());
    return *owner;
}

}  // namespace crtool::image::checks
