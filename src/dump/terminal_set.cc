// See terminal_set.h.
#include "dump/terminal_set.h"

#include <sys/sysmacros.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "dump/task_probe.h"
#include "dump/terminal_read.h"
#include "sys/apart.h"
#include "sys/file_calls.h"
#include "sys/pidfd.h"
#include "sys/tty.h"

namespace crtool::dump {
namespace {

constexpr unsigned kSlaves = 136;  // /dev/pts/N, all of them
constexpr dev_t kControlling = device_number(5, 0);
constexpr dev_t kMaster = device_number(5, 2);
constexpr const char* kWayOut =
    "dump the tree from the task that has the master, give --shell-job when it is the terminal of "
    "your shell, or name it --external and give another to the restore";

std::string directory_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

void record_node(const struct stat& node, image::Tty& tty) {
    tty.set_mode(node.st_mode & 07777);
    tty.set_uid(node.st_uid);
    tty.set_gid(node.st_gid);
}

void record_name(const std::string& path, dev_t device, image::Tty& tty) {
    tty.set_path(path);
    tty.set_rdev(device);
    if (gnu_dev_major(device) == kSlaves)
        tty.set_index(gnu_dev_minor(device));
}

bool is_own(const image::Tty& tty) {
    return !tty.without_master() && !tty.external();
}

}  // namespace

TerminalSet::Entry TerminalSet::entry_of(const FdProbe& probe, const image::OpenFile& file) {
    Entry entry;
    entry.task = probe.task;
    entry.fd = probe.number;
    entry.file = file.id();
    entry.node = probe.st;
    entry.link = probe.link;
    entry.master = probe.st.st_rdev == kMaster;
    entry.controlling = probe.st.st_rdev == kControlling;
    std::optional<dev_t> device = sys::tty_device(probe.fd);
    entry.hung_up = !device;
    if (gnu_dev_major(probe.st.st_rdev) == kSlaves)
        entry.device = probe.st.st_rdev;
    else if (device)
        entry.device = *device;
    return entry;
}

void TerminalSet::add_external(const FdProbe& probe, image::OpenFile& file) {
    entries_.push_back(entry_of(probe, file));
    entries_.back().external = true;
}

void TerminalSet::add(const FdProbe& probe, image::OpenFile& file) {
    entries_.push_back(entry_of(probe, file));
    image::Terminal& terminal = *file.mutable_terminal();
    const Entry& last = entries_.back();
    terminal.set_path(std::string(before_deleted(last.link).value_or(last.link)));
    terminal.set_rdev(last.node.st_rdev);
    terminal.set_controlling(last.controlling);
    terminal.set_master(last.master);
    terminal.set_hung_up(last.hung_up);
}

void TerminalSet::refuse(const Entry& entry, std::string reason, std::string way_out,
                         Problems& problems, Lasts lasts) const {
    problems.add(entry.task, fmt::format("descriptor {} ({})", entry.fd, entry.link),
                 std::move(reason), std::move(way_out), lasts);
}

void TerminalSet::resolve(std::span<image::OpenFile> files, const Options& options,
                          Problems& problems) {
    for (const Entry& entry : entries_)
        if (entry.master && !entry.external)
            add_pair(entry, problems);
    for (const Entry& entry : entries_)
        if (entry.external)
            files[entry.file - 1].mutable_external()->set_tty(external_tty(entry));
    for (const Entry& entry : entries_) {
        if (entry.external)
            continue;
        image::Tty* tty = tty_of(entry, options, problems);
        if (tty == nullptr)
            continue;
        files[entry.file - 1].mutable_terminal()->set_tty(tty->id());
        if (!entry.master && !entry.hung_up)
            known_[tty->id() - 1].has_slave = true;
    }
}

void TerminalSet::read_own(Problems& problems) {
    if (std::ranges::none_of(ttys_, is_own))
        return;
    sys::Apart::run([&](const sys::Apart& apart) {
        for (image::Tty& tty : ttys_)
            if (is_own(tty) && !apart.is_alone())
                read_one(tty, problems);
    });
}

void TerminalSet::read_one(image::Tty& tty, Problems& problems) const {
    const Known& known = known_[tty.id() - 1];
    ErrorContext context("terminal of task", known.from.task);
    sys::UniqueFd fd = sys::PidFd(known.from.task).take_fd(known.from.fd);
    TerminalObstacle obstacle =
        tty.device() ? read_device(fd.get(), tty) : read_pair(fd.get(), known.has_slave, tty);
    if (obstacle.any())
        refuse(known.from, std::move(obstacle.reason), std::move(obstacle.way_out), problems,
               obstacle.lasts);
}

image::Tty& TerminalSet::new_tty(Known known, dev_t device) {
    known_.push_back(std::move(known));
    image::Tty& tty = ttys_.emplace_back();
    tty.set_id(static_cast<uint32_t>(ttys_.size()));
    by_device_.emplace(device, tty.id());
    return tty;
}

// A ptmx is in a devpts itself, or leads to the one that is mounted beside it on "pts".
void TerminalSet::add_pair(const Entry& master, Problems& problems) {
    sys::UniqueFd fd = sys::PidFd(master.task).take_fd(master.fd);
    unsigned index = sys::pty_index(fd.get());
    dev_t device = gnu_dev_makedev(kSlaves, index);
    std::string directory = directory_of(master.link);
    for (const std::string& path :
         {fmt::format("{}/{}", directory, index), fmt::format("{}/pts/{}", directory, index)}) {
        auto node = sys::try_stat_at(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
        if (!node || !S_ISCHR(node->st_mode) || node->st_rdev != device)
            continue;
        image::Tty& tty =
            new_tty({master, node->st_dev, sys::tty_session(fd.get()), false}, device);
        record_name(path, device, tty);
        record_node(*node, tty);
        tty.set_ptmx(master.link);
        by_master_[master.file] = tty.id();
        return;
    }
    refuse(master, fmt::format("a terminal whose slave {} crtool cannot see", index),
           "run crtool where the terminal's devpts is mounted", problems);
}

uint32_t TerminalSet::external_tty(const Entry& entry) {
    if (entry.master || entry.hung_up || entry.controlling)
        return 0;
    auto [first, last] = by_device_.equal_range(entry.device);
    for (auto at = first; at != last; ++at)
        if (known_[at->second - 1].instance == entry.node.st_dev)
            return ttys_[at->second - 1].external() ? at->second : 0;
    image::Tty& tty = new_tty({entry, entry.node.st_dev, 0, false}, entry.device);
    tty.set_external(true);
    tty.set_path(entry.link);
    return tty.id();
}

image::Tty* TerminalSet::tty_of(const Entry& entry, const Options& options, Problems& problems) {
    if (entry.master) {
        auto at = by_master_.find(entry.file);
        return at == by_master_.end() ? nullptr : &ttys_[at->second - 1];
    }
    // Every devpts counts for itself; which one /dev/tty leads to, nothing tells.
    image::Tty* found = nullptr;
    auto [first, last] = by_device_.equal_range(entry.device);
    for (auto at = first; at != last && entry.device != 0; ++at) {
        image::Tty& tty = ttys_[at->second - 1];
        if (!tty.device() && !entry.controlling &&
            known_[at->second - 1].instance != entry.node.st_dev)
            continue;
        if (found != nullptr) {
            refuse(entry, "leads to one of two terminals with the same number",
                   "close one of them before the dump", problems);
            return nullptr;
        }
        found = &tty;
    }
    if (found != nullptr && found->external() && !entry.controlling) {
        refuse(entry, "a terminal of which another descriptor was named external",
               fmt::format("--external tty[{:x}:{:x}] means all of them", entry.node.st_rdev,
                           entry.node.st_dev),
               problems);
        return nullptr;
    }
    return found != nullptr ? found : outside_tty(entry, options, problems);
}

image::Tty* TerminalSet::outside_tty(const Entry& entry, const Options& options,
                                     Problems& problems) {
    if (entry.hung_up)
        return hung_up_tty(entry, problems);
    if (gnu_dev_major(entry.device) != kSlaves && !entry.controlling)
        return device_tty(entry, problems);
    if (!options.shell_job)
        refuse(entry, "a terminal that is not part of the tree", kWayOut, problems);
    return nullptr;
}

image::Tty* TerminalSet::hung_up_tty(const Entry& entry, Problems& problems) {
    if (!entry.controlling && gnu_dev_major(entry.device) != kSlaves) {
        refuse(entry, "a terminal device that was hung up", "close it before the dump", problems);
        return nullptr;
    }
    auto name = before_deleted(entry.link);
    if (!entry.controlling && !name) {
        refuse(entry, "a file of a terminal that was hung up, but whose master lives outside",
               "close it before the dump", problems);
        return nullptr;
    }
    image::Tty& tty = new_tty({entry, entry.node.st_dev, 0, false}, entry.device);
    tty.set_without_master(true);
    if (entry.controlling) {
        tty.set_ptmx("/dev/ptmx");
        return &tty;
    }
    record_name(std::string(*name), entry.device, tty);
    record_node(entry.node, tty);
    tty.set_ptmx(directory_of(tty.path()) + "/ptmx");
    return &tty;
}

image::Tty* TerminalSet::device_tty(const Entry& entry, Problems& problems) {
    auto node = sys::try_stat_at(AT_FDCWD, entry.link, AT_SYMLINK_NOFOLLOW);
    if (!node || node->st_rdev != entry.node.st_rdev) {
        refuse(entry, "a terminal device that has lost its name",
               "give it back its name before the dump", problems);
        return nullptr;
    }
    image::Tty& tty = new_tty({entry, 0, 0, false}, entry.device);
    tty.set_device(true);
    record_name(entry.link, entry.device, tty);
    return &tty;
}

const image::Tty* TerminalSet::terminal_of(dev_t device, pid_t session) const {
    auto [first, last] = by_device_.equal_range(device);
    for (auto at = first; at != last; ++at) {
        const image::Tty& tty = ttys_[at->second - 1];
        bool in_session =
            tty.device() || tty.external() || known_[at->second - 1].session == session;
        if (in_session && !tty.without_master())
            return &tty;
    }
    return nullptr;
}

void TerminalSet::find_sessions(std::vector<TaskProbe>& tasks, const Options& options,
                                Problems& problems) {
    std::set<pid_t> sessions;
    std::set<pid_t> leaders;
    for (const TaskProbe& task : tasks)
        if (task.frozen.stat.session == task.pid())
            leaders.insert(task.pid());
    for (TaskProbe& task : tasks) {
        const sys::TaskStat& stat = task.frozen.stat;
        sessions.insert(stat.session);
        auto device = static_cast<dev_t>(static_cast<unsigned>(stat.tty_nr));
        if (task.zombie() || device == 0)
            continue;
        const image::Tty* tty = terminal_of(device, stat.session);
        if (tty != nullptr && (!tty->external() || leaders.contains(stat.session))) {
            task.record.set_terminal(tty->id());
            if (stat.session == task.pid() && stat.tpgid > 0)
                ttys_[tty->id() - 1].set_foreground(static_cast<uint32_t>(stat.tpgid));
        } else if (!options.shell_job) {
            problems.add(task.pid(),
                         fmt::format("controlling terminal {}:{}", gnu_dev_major(device),
                                     gnu_dev_minor(device)),
                         "is not part of the tree", kWayOut);
        }
    }
    for (const image::Tty& tty : ttys_)
        check_session(tty, !sessions.contains(known_[tty.id() - 1].session), problems);
}

void TerminalSet::check_session(const image::Tty& tty, bool is_outside, Problems& problems) const {
    const Known& known = known_[tty.id() - 1];
    if (known.session != 0 && is_outside)
        refuse(
            known.from,
            fmt::format("the terminal of session {}, which is outside of the tree", known.session),
            "dump a tree that has the session, or end it first", problems);
}

}  // namespace crtool::dump
