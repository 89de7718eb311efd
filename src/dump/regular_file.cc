// Files that are opened by name: see proto/regular_file.proto.
#include "dump/regular_file.h"

#include <fcntl.h>
#include <linux/magic.h>

#include "dump/device.h"
#include "dump/posix_mqueue.h"
#include "dump/terminal.h"
#include "dump/tun.h"
#include "sys/file_calls.h"
#include "sys/proc_dir.h"

namespace crtool::dump {
namespace {

constexpr mode_t kNamespaceMode = S_IFREG | 0444;  // fs/nsfs.c

void fill(const FdProbe& probe, image::RegularFile& regular) {
    const struct stat& st = probe.st;
    regular.set_mode(st.st_mode);
    regular.set_size(static_cast<uint64_t>(st.st_size));
    regular.set_mtime_ns(static_cast<uint64_t>(st.st_mtim.tv_sec) * 1'000'000'000 +
                         static_cast<uint64_t>(st.st_mtim.tv_nsec));
    regular.set_rdev(st.st_rdev);
    regular.set_dev(st.st_dev);
    regular.set_ino(st.st_ino);
    regular.set_uid(st.st_uid);
    regular.set_gid(st.st_gid);
}

// Any name of an inode leads to it.
void take_other_name(const FileVisit& visit, const FdProbe& probe, image::RegularFile& regular) {
    const std::string& path = regular.path();
    if (!visit.options.link_remap) {
        visit.refuse(probe, "a file whose name was deleted while it has another one",
                     "--link-remap lets it be opened by another of its names");
        return;
    }
    auto name = visit.names.of(probe.st, path.substr(0, path.rfind('/') + 1));
    if (!name) {
        visit.refuse(probe, "a file whose other name has to be found first",
                     "try again a moment later", Lasts::a_moment);
        return;
    }
    if (name->empty()) {
        visit.refuse(probe,
                     "a file whose name was deleted, and whose other name crtool does not find",
                     "give it back its name before the dump");
        return;
    }
    regular.set_path(*name);
}

void dump_deleted(const FileVisit& visit, const FdProbe& probe, image::RegularFile& regular) {
    const struct stat& st = probe.st;
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        visit.refuse(probe, "a deleted special file, which is not carried yet",
                     "give it back its name before the dump");
    else if (S_ISREG(st.st_mode) && st.st_nlink > 0)
        return take_other_name(visit, probe, regular);
    else if (probe.proc_name == "root")
        visit.refuse(probe, "a root directory that is deleted, which is not carried yet",
                     "start the program in one that stays");
    else if (sys::filesystem_of(probe.fd) == HUGETLBFS_MAGIC)
        visit.refuse(probe, "a deleted file of huge pages, which is not carried yet",
                     "give it back its name before the dump");
    else if (S_ISREG(st.st_mode) && static_cast<uint64_t>(st.st_size) > visit.options.ghost_limit)
        visit.refuse(probe, fmt::format("a deleted file of {} bytes", st.st_size),
                     fmt::format("--ghost-limit {} lets the image have it", st.st_size));
    else if (S_ISREG(st.st_mode))
        regular.set_content(visit.contents.id_of(st, probe.task, probe.proc_name));
    regular.set_deleted(true);
}

// In /proc. False: it is none, or its name is all.
bool dump_file_of_task(const FileVisit& visit, const FdProbe& probe, bool is_named,
                       image::RegularFile& regular) {
    constexpr pid_t kInit = 1;  // lives as long as the machine
    std::string path(before_deleted(probe.link).value_or(probe.link));
    auto proc = sys::parse_proc_path(is_named ? probe.link : path);
    if (!proc || sys::filesystem_of(probe.fd) != PROC_SUPER_MAGIC)
        return false;
    if (!is_named) {
        regular.set_path(path);
        regular.set_deleted(true);
        regular.set_of_dead_task(true);
        // fchdir(2) says ESRCH.
        if (probe.proc_name == "cwd" || probe.proc_name == "root")
            visit.refuse(probe,
                         "the directory in /proc of a task that has gone, which nobody can "
                         "enter any more",
                         "let the task change its directory before the dump");
        return true;
    }
    // A thread that is not the first is to be had under its own number, too.
    bool is_of_tree = visit.processes.contains(proc->pid) || visit.threads.contains(proc->pid);
    if (!is_of_tree && proc->pid != kInit)
        visit.refuse(probe,
                     "a file in /proc of a task outside of the tree, which may be another by "
                     "the time of the restore",
                     "close it before the dump", Lasts::a_moment);
    return true;
}

// A device is the same by each of its names. False: it has its name.
bool dump_nameless_device(const FileVisit& visit, const FdProbe& probe,
                          image::RegularFile& regular) {
    if (!S_ISCHR(probe.st.st_mode) && !S_ISBLK(probe.st.st_mode))
        return false;
    std::optional<DeviceNode> node = find_device_node(probe);
    if (node && visit.options.evasive_devices) {
        regular.set_path(node->path);
        regular.set_mode(node->mode);
        return true;
    }
    visit.refuse(probe, "a device whose name has gone",
                 node ? fmt::format("--evasive-devices opens {} for it", node->path)
                      : "give it back its name before the dump");
    return true;
}

}  // namespace

bool names_this(std::string_view name, const FdProbe& probe) {
    auto st = sys::try_stat_at(AT_FDCWD, std::string(name), AT_SYMLINK_NOFOLLOW);
    return st && st->st_dev == probe.st.st_dev && st->st_ino == probe.st.st_ino &&
           (st->st_mode & S_IFMT) == (probe.st.st_mode & S_IFMT);
}

bool matches_regular_file(const FdProbe& probe) {
    mode_t type = probe.st.st_mode & S_IFMT;
    if (!probe.link.starts_with('/') || memfd_name(probe.link))
        return false;
    if (probe.is_path())
        return true;
    if (type == S_IFCHR)
        return probe.number < 0 || (!matches_terminal(probe) && !matches_tun(probe));
    return (type == S_IFREG && !matches_posix_mqueue(probe)) || type == S_IFDIR || type == S_IFBLK;
}

void dump_regular_file(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    image::RegularFile& regular = *file.mutable_regular();
    fill(probe, regular);
    DeviceObstacle obstacle = obstacle_of_device(probe);
    if (!obstacle.reason.empty())
        return visit.refuse(probe, std::move(obstacle.reason), std::move(obstacle.way_out));
    bool is_named = names_this(probe.link, probe);
    if (is_named)
        regular.set_path(probe.link);
    if (probe.st.st_mode == kNamespaceMode && probe.st.st_size == 0)
        regular.set_of_namespace(sys::filesystem_of(probe.fd) == NSFS_MAGIC);
    if (dump_file_of_task(visit, probe, is_named, regular) || is_named)
        return;
    if (dump_nameless_device(visit, probe, regular))
        return;
    auto name = before_deleted(probe.link);
    if (!name) {
        visit.refuse(probe,
                     "a file whose name now leads to another one, or cannot be reached from "
                     "crtool's root directory",
                     "give it back its name before the dump");
        return;
    }
    regular.set_path(std::string(*name));
    dump_deleted(visit, probe, regular);
}

}  // namespace crtool::dump
