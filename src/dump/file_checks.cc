// What can be told of open files only when all of the tree's are known.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/fault.h"
#include "dump/file_table.h"
#include "dump/task_probe.h"
#include "image/packet_rings.h"

namespace crtool::dump {
namespace {

constexpr dev_t kControllingTerminal = device_number(5, 0);

bool owner_lives_in(pid_t task, int type, pid_t pid) {
    switch (type) {
        case F_OWNER_TID:
            return sys::try_identify(AT_FDCWD, fmt::format("/proc/{}/task/{}", task, pid))
                .has_value();
        case F_OWNER_PGRP:
            return ::getpgid(task) == pid;
        default:
            return task == pid;
    }
}

}  // namespace

uint32_t FileTable::add_carried(sys::UniqueFd fd) {
    std::string buffer;
    std::string name = fmt::format("/proc/self/fdinfo/{}", fd.get());
    sys::FdInfo info = sys::parse_fdinfo(sys::read_small_at(AT_FDCWD, name.c_str(), buffer));
    size_t known = files_.size();
    uint32_t id = file_of(sys::PidFd(::getpid()), ::getpid(), fd.get(), std::move(info));
    // By this descriptor it will be compared with others, and be had again.
    if (files_.size() == known)
        return id;
    const image::OpenFile& file = files_[id - 1];
    if (file.has_epoll() || file.has_owner() || (file.flags() & O_ASYNC) != 0)
        problems_.add(where_[id - 1].task, "a descriptor in the queue of a socket",
                      "an epoll instance or a file with signal-driven I/O that no task has open",
                      "let the program receive it before the dump");
    carried_.push_back(std::move(fd));
    return id;
}

// Queues of unix sockets bring further open files.
void FileTable::read_unread() {
    sockets_.read_queues([&](sys::UniqueFd fd) { return add_carried(std::move(fd)); },
                         [&](uint32_t id) -> image::OpenFile& { return files_[id - 1]; },
                         problems_);
    looks_.run(visit(), files_);
}

void FileTable::prepare_visit(std::span<const TaskProbe> tasks) {
    find_rings();
    mqueues_.look(tasks, problems_);
}

void FileTable::check(std::vector<TaskProbe>& tasks, bool own_ipc) {
    bool is_refused = !problems_.empty();
    if (!is_refused)
        read_unread();
    sockets_.link([&](uint32_t id) -> image::OpenFile& { return files_[id - 1]; },
                  options_.ext_unix_sk, problems_);
    pipes_.read_all(problems_);
    mqueues_.look(tasks, problems_);
    terminals_.resolve(files_, options_, problems_);
    if (!is_refused)
        terminals_.read_own(problems_);
    terminals_.find_sessions(tasks, options_, problems_);
    epolls_.resolve(tasks, files_, problems_);
    for (const TaskProbe& task : tasks)
        segments_.check(task.record, problems_);
    if (own_ipc)
        segments_.add_rest(tasks.front().pid(), problems_);
    check_owners();
    check_terminals();
    inet_.link(files_, options_, problems_);
    problems_.throw_if_any();
    externals_.warn_of_unused();
}

void FileTable::find_rings() {
    std::unordered_map<std::string_view, const image::OpenFile*> sockets;
    for (const image::OpenFile& file : files_)
        if (!rings_.empty() && file.has_packet_socket())
            sockets[file.resource()] = &file;
    for (const MappedRing& ring : rings_) {
        image::Area& area = *ring.area;
        area.set_kind(image::Area::FILE);
        auto socket = sockets.find(area.name());
        auto refuse = [&](const char* reason) {
            problems_.add(ring.task, fmt::format("area {:x}-{:x}", area.start(), area.end()),
                          reason, "let the program unmap it before the dump");
        };
        if (socket == sockets.end())
            refuse("maps a socket that is no packet socket with a descriptor");
        else if (!area.shared() ||
                 area.end() - area.start() != image::ring_bytes(socket->second->packet_socket()))
            refuse("maps a part of the rings of a packet socket, or a copy");
        else
            area.set_file(socket->second->id());
    }
}

void FileTable::check_owners() {
    for (size_t i = 0; i < files_.size(); i++) {
        const image::FileOwner& owner = files_[i].owner();
        if (owner.pid() == 0)
            continue;
        bool lives = std::ranges::any_of(tasks_, [&](pid_t task) {
            return owner_lives_in(task, static_cast<int>(owner.type()), owner.pid());
        });
        if (!lives)
            problems_.add(
                where_[i].task, fmt::format("descriptor {}", where_[i].fd),
                fmt::format("its owner (F_SETOWN) {} is outside of the tree", owner.pid()),
                "let the program name another owner before the dump");
    }
}

void FileTable::check_terminals() {
    std::set<uint64_t> terminals;
    for (size_t i = 0; i < files_.size(); i++) {
        uint64_t rdev = files_[i].terminal().rdev();
        if (!files_[i].has_terminal() || files_[i].terminal().tty() != 0 ||
            rdev == kControllingTerminal)
            continue;
        terminals.insert(rdev);
        if (terminals.size() == 2 && options_.shell_job) {
            problems_.add(
                where_[i].task,
                fmt::format("descriptor {} ({})", where_[i].fd, files_[i].terminal().path()),
                "a second terminal; --shell-job carries one",
                "close it before the dump, or name it --external");
            return;
        }
    }
}

}  // namespace crtool::dump
