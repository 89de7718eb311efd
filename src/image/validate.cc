// See validate.h: the order of the checks, and those of single values.
#include "image/validate.h"

#include <sys/stat.h>

#include "image/format.h"
#include "image/kinds.h"
#include "image/validate_internal.h"

namespace crtool::image {
namespace checks {

void check_signal(uint32_t signal, const char* what) {
    if (signal == 0 || signal > kMaxSignal)
        refuse("{} {} is no signal", what, signal);
}

void check_signal_or_none(uint32_t signal, const char* what) {
    if (signal > kMaxSignal)
        refuse("{} {} is no signal", what, signal);
}

void check_text(const std::string& text, size_t limit, const char* what) {
    if (text.size() > limit)
        refuse("{} has {} bytes, the kernel takes {}", what, text.size(), limit);
    if (text.find('\0') != std::string::npos)
        refuse("{} has a NUL byte in it", what);
}

void check_path(const std::string& path, const char* what) {
    check_text(path, 4095, what);
    if (path.empty() || path[0] != '/')
        refuse("{} \"{}\" is not absolute", what, path);
    if (path.size() == 1)
        return;
    for (size_t at = 0; at < path.size();) {
        size_t end = std::min(path.find('/', at + 1), path.size());
        std::string_view part(path.data() + at + 1, end - at - 1);
        if (part.empty() || part == "." || part == "..")
            refuse("{} \"{}\" is not in the kernel's form", what, path);
        at = end;
    }
}

void check_address(uint64_t address, const char* what) {
    if (address >= kUserEnd)
        refuse("{} {:#x} is outside user space", what, address);
}

void check_offset(uint64_t value, const char* what) {
    if (value > kMaxOffset)
        refuse("{} {} is too large", what, value);
}

void check_id(uint32_t id, const char* what) {
    if (id == kInvalidId)
        refuse("{} is no id", what);
}

void check_inventory(const Index& index) {
    const Image& image = index.image();
    const Inventory& inventory = image.inventory;
    ErrorContext context("inventory");
    check_known(inventory);
    check_known(inventory.cpu());
    if (inventory.format() != kFormatVersion)
        refuse("format {} instead of {}", inventory.format(), kFormatVersion);
    if (inventory.vdso().size() % kPageSize != 0 || inventory.vdso().size() > kMaxVdso)
        refuse("its vdso has {} bytes", inventory.vdso().size());
    if (inventory.tasks() != image.tasks.size())
        refuse("it counts {} tasks, the image has {}", inventory.tasks(), image.tasks.size());
    size_t threads = 0;  // that live
    for (const Task& task : image.tasks) {
        if (task.state() != Task::ZOMBIE)
            threads += static_cast<size_t>(task.threads_size()) - (task.leader_exited() ? 1 : 0);
    }
    if (inventory.threads() != threads)
        refuse("it counts {} threads, the image has {}", inventory.threads(), threads);
    if (image.tasks.empty() || inventory.root_pid() != image.tasks[0].pid())
        refuse("its root {} is not the first task", inventory.root_pid());
}

}  // namespace checks

void validate(const Image& image) {
    using namespace checks;
    ErrorContext context("image refused");
    Index index(image);
    check_inventory(index);
    check_filters(index);
    check_files(index);
    check_sysv_ipc(index);
    check_mqueues(index);
    check_epolls(index);
    check_contents(index);
    check_pieces(index);
    check_tree(index);
    check_ttys(index);
    for (const Task& task : image.tasks) {
        ErrorContext task_context("task", task.pid());
        check_task(index, task);
        check_fds(index, task);
        check_signals(task);
        for (const Thread& thread : task.threads()) {
            ErrorContext thread_context("thread", thread.tid());
            check_thread(index, task, thread);
        }
        check_areas(index, task);
        check_runs(index, task);
    }
}

}  // namespace crtool::image
