// See epoll_set.h.
#include "dump/epoll_set.h"

#include <sys/sysmacros.h>

#include <algorithm>

#include "base/error.h"
#include "base/fault.h"
#include "dump/task_probe.h"
#include "sys/kcmp.h"

namespace crtool::dump {
namespace {

constexpr unsigned kMinorBits = 20;  // of a dev_t inside the kernel

uint64_t number_after(std::string_view line, std::string_view name) {
    auto text = sys::fdinfo_field(line, name);
    if (!text)
        fail(Errc::internal, "no {} in the fdinfo of an epoll instance", name);
    return sys::fdinfo_number(*text, 16);
}

uint64_t as_fdinfo_has(dev_t device) {
    return uint64_t{major(device)} << kMinorBits | minor(device);
}

}  // namespace

void EpollSet::add_file(const FdProbe& probe, uint32_t id) {
    if (probe.number < 0)
        return;
    files_.push_back({probe.task, probe.number, id});
    ordered_ = false;
    if (S_ISSOCK(probe.st.st_mode) && !probe.is_path())
        sockets_[{as_fdinfo_has(probe.st.st_dev), probe.st.st_ino}] = id;
}

void EpollSet::add_instance(const FdProbe& probe, image::OpenFile& file) {
    Instance& instance = instances_.emplace_back();
    instance.at = {probe.task, probe.number, file.id()};
    for (const sys::FdInfoLine& line : probe.info.lines) {
        if (line.key != "tfd")
            continue;
        std::string_view number = line.value.substr(0, line.value.find(' '));
        image::EpollWatch& watch = *file.mutable_epoll()->add_watches();
        watch.set_fd(static_cast<uint32_t>(sys::fdinfo_number(number, 10)));
        watch.set_events(static_cast<uint32_t>(number_after(line.value, "events")));
        watch.set_data(number_after(line.value, "data"));
        instance.inodes.emplace_back(number_after(line.value, "sdev"),
                                     number_after(line.value, "ino"));
    }
}

void EpollSet::resolve(const std::vector<TaskProbe>& tasks, std::vector<image::OpenFile>& files,
                       Problems& problems) {
    if (instances_.empty())
        return;
    std::unordered_map<pid_t, const image::Task*> by_pid;
    for (const TaskProbe& task : tasks)
        by_pid[task.pid()] = &task.record;
    for (const Instance& instance : instances_)
        resolve_one(instance, by_pid[instance.at.task], *files[instance.at.id - 1].mutable_epoll(),
                    problems);
}

void EpollSet::resolve_one(const Instance& instance, const image::Task* owner, image::Epoll& epoll,
                           Problems& problems) {
    fault::point("look at an epoll interest list");
    std::unordered_map<uint32_t, unsigned> seen;  // the same number may stand for several files
    for (int i = 0; i < epoll.watches_size(); i++) {
        image::EpollWatch& watch = *epoll.mutable_watches(i);
        unsigned index = seen[watch.fd()]++;
        auto number = static_cast<int>(watch.fd());
        auto socket = sockets_.find(instance.inodes[static_cast<size_t>(i)]);
        uint32_t file = socket != sockets_.end() ? socket->second : 0;
        if (file == 0)
            file = by_number(instance.at, owner, number, index);
        if (file == 0)
            file = by_order(instance.at, number, index);
        watch.set_file(file);
        if (file == 0)
            problems.add(instance.at.task, fmt::format("descriptor {} (epoll)", instance.at.fd),
                         fmt::format("watches, as number {}, a file that no task of the tree has "
                                     "open any more",
                                     number),
                         "dump a tree that has it, or let the program close the epoll instance");
    }
}

uint32_t EpollSet::by_number(const Known& epoll, const image::Task* owner, int number,
                             unsigned index) {
    if (owner == nullptr)
        return 0;
    auto at =
        std::ranges::lower_bound(owner->fds(), static_cast<uint32_t>(number), {}, &image::Fd::fd);
    if (at == owner->fds().end() || at->fd() != static_cast<uint32_t>(number))
        return 0;
    auto order = sys::kcmp_epoll_target(epoll.task, number, epoll.task, epoll.fd, number, index);
    return order == 0 ? at->file() : 0;
}

uint32_t EpollSet::by_order(const Known& epoll, int number, unsigned index) {
    if (!ordered_)
        std::ranges::sort(files_, [](const Known& a, const Known& b) {
            return sys::kcmp_file(a.task, a.fd, b.task, b.fd) < 0;
        });
    ordered_ = true;
    size_t low = 0;
    size_t high = files_.size();
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const Known& at = files_[middle];
        auto order = sys::kcmp_epoll_target(at.task, at.fd, epoll.task, epoll.fd, number, index);
        if (order == 0)
            return at.id;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

}  // namespace crtool::dump
