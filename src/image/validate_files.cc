// Checks of validate() about open files of every kind, and pipes.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "image/format.h"
#include "image/kinds.h"
#include "image/validate_internal.h"
#include "sys/namespaces.h"
#include "sys/proc_dir.h"

namespace crtool::image::checks {
namespace {

constexpr uint32_t kMaxFlags = (1U << 26) - 1;  // the highest flag, __O_TMPFILE, is 1 << 22
constexpr uint32_t kMaxPipe = 1U << 31;         // F_SETPIPE_SZ takes no more
constexpr size_t kMaxMemfdName = 249;           // NAME_MAX without "memfd:"
constexpr uint32_t kSeals = 0x3f;               // F_SEAL_*
constexpr size_t kMaxResource = 4096;           // PATH_MAX
constexpr uint32_t kMaxFanout = 256;            // of a group without a limit of its own
constexpr uint32_t kMaxWatch = 1U << 24;        // more are passed over one by one
// MFD_CLOEXEC … MFD_EXEC, and the page size that MFD_HUGETLB takes.
constexpr uint32_t kMemfdFlags = 0x1f | (0x3fU << 26);

void check_common(const OpenFile& file) {
    check_known(file);
    // The kernel forgets these at open(2), and they must never reach an open(2) of a restore.
    if ((file.flags() & (O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY | O_CLOEXEC)) != 0)
        refuse("its flags {:#o} have one that no open file has", file.flags());
    if (file.flags() > kMaxFlags)
        refuse("its flags are {:#o}", file.flags());
    check_offset(file.pos(), "its position");
    check_text(file.resource(), kMaxResource, "its resource");
    if (!file.has_owner())
        return;
    const FileOwner& owner = file.owner();
    check_known(owner);
    if (owner.type() > F_OWNER_PGRP || owner.pid() <= -static_cast<int64_t>(kMaxPid) ||
        owner.pid() >= static_cast<int64_t>(kMaxPid))
        refuse("its owner {} of type {} is none of F_SETOWN", owner.pid(), owner.type());
    check_signal_or_none(owner.signal(), "its F_SETSIG");
}

bool is_type(uint32_t type) {
    return type == S_IFREG || type == S_IFDIR || type == S_IFCHR || type == S_IFBLK ||
           type == S_IFLNK || type == S_IFIFO || type == S_IFSOCK;
}

void check_regular(const Index& index, const OpenFile& file) {
    const RegularFile& regular = file.regular();
    check_known(regular);
    check_path(regular.path(), "its path");
    if (regular.mode() > 0177777 || !is_type(regular.mode() & S_IFMT))
        refuse("its mode is {:#o}", regular.mode());
    check_offset(regular.size(), "its size");
    if (regular.of_dead_task() && (!regular.deleted() || !sys::parse_proc_path(regular.path())))
        refuse("it is no file of a task that has gone");
    bool stored = regular.deleted() && S_ISREG(regular.mode()) && !regular.of_dead_task();
    if (stored != (regular.content() != 0))
        refuse("it {} content", stored ? "is deleted and lacks its" : "needs no");
    if (!stored)
        return;
    const Content* content = index.content(regular.content());
    if (content == nullptr || content->size() != regular.size())
        refuse("its content {} is not in the image or has another size", regular.content());
    check_id(regular.uid(), "its user");
    check_id(regular.gid(), "its group");
}

void check_pipe_end(const Index& index, const OpenFile& file) {
    check_known(file.pipe());
    if (index.pipe(file.pipe().pipe()) == nullptr)
        refuse("its pipe {} is not in the image", file.pipe().pipe());
}

void check_eventfd(const Index&, const OpenFile& file) {
    check_known(file.eventfd());
    // write(2) says EINVAL to the one value that a counter cannot have.
    if (file.eventfd().counter() == UINT64_MAX)
        refuse("its counter is {:#x}", file.eventfd().counter());
}

void check_timerfd(const Index&, const OpenFile& file) {
    const Timerfd& timer = file.timerfd();
    check_known(timer);
    constexpr std::array kClocks = {0, 1, 7, 8, 9};  // CLOCK_REALTIME … CLOCK_BOOTTIME_ALARM
    if (std::find(kClocks.begin(), kClocks.end(), timer.clock()) == kClocks.end())
        refuse("its clock is {}", timer.clock());
    if (timer.settime_flags() > 3)
        refuse("its flags are {:#x}", timer.settime_flags());
    check_offset(timer.value_ns(), "its value");
    check_offset(timer.interval_ns(), "its interval");
}

void check_signalfd(const Index&, const OpenFile& file) {
    check_known(file.signalfd());
}

void check_epoll(const Index& index, const OpenFile& file) {
    check_known(file.epoll());
    for (const EpollWatch& watch : file.epoll().watches()) {
        check_known(watch);
        if (watch.fd() >= kMaxFd)
            refuse("it watches descriptor {}", watch.fd());
        if (index.file(watch.file()) == nullptr)
            refuse("it watches the open file {}, which is not in the image", watch.file());
    }
}

void check_memfd(const Index& index, const OpenFile& file) {
    const Memfd& memfd = file.memfd();
    check_known(memfd);
    check_text(memfd.name(), kMaxMemfdName, "its name");
    if (index.content(memfd.content()) == nullptr)
        refuse("its content {} is not in the image", memfd.content());
    if ((memfd.seals() & ~kSeals) != 0 || (memfd.create_flags() & ~kMemfdFlags) != 0)
        refuse("its seals are {:#x}, its flags {:#x}", memfd.seals(), memfd.create_flags());
    if (memfd.mode() > 0177777)
        refuse("its mode is {:#o}", memfd.mode());
    check_id(memfd.uid(), "its user");
    check_id(memfd.gid(), "its group");
}

void check_terminal(const Index& index, const OpenFile& file) {
    const Terminal& terminal = file.terminal();
    check_known(terminal);
    check_path(terminal.path(), "its path");
    const Tty* tty = terminal.tty() == 0 ? nullptr : index.tty(terminal.tty());
    if (tty != nullptr && tty->external()) {
        if (!terminal.controlling() || terminal.master() || terminal.hung_up())
            refuse("its terminal {} is external, and it is not", terminal.tty());
        return;
    }
    if (tty == nullptr && (terminal.tty() != 0 || terminal.master() || terminal.hung_up()))
        refuse("its terminal {} is not in the image", terminal.tty());
    if (tty == nullptr)
        return;
    if (terminal.master() && (tty->device() || tty->without_master() || terminal.hung_up()))
        refuse("it is the master of a terminal without one");
    if (terminal.hung_up() ? tty->device()
                           : !terminal.master() && !tty->device() && tty->slave() != Tty::OPEN)
        refuse("its terminal {} says that there is no such file", terminal.tty());
    if (tty->without_master() && !terminal.hung_up())
        refuse("its terminal has lost its master, but it was not hung up");
}

void check_inotify(const Index&, const OpenFile& file) {
    check_known(file.inotify());
    uint32_t last = 0;
    for (const InotifyWatch& watch : file.inotify().watches()) {
        check_known(watch);
        if (watch.wd() <= last || watch.wd() > kMaxWatch)
            refuse("watch {} comes after {}", watch.wd(), last);
        check_path(watch.path(), "the path of a watch");
        last = watch.wd();
    }
}

void check_fanotify(const Index&, const OpenFile& file) {
    check_known(file.fanotify());
    for (const FanotifyMark& mark : file.fanotify().marks()) {
        check_known(mark);
        check_path(mark.path(), "the path of a mark");
    }
}

void check_pidfd(const Index& index, const OpenFile& file) {
    check_known(file.pidfd());
    uint32_t pid = file.pidfd().pid();
    bool of_thread = file.pidfd().of_thread();
    bool known = of_thread ? index.owner_of_thread(pid) != 0 : index.task(pid) != nullptr;
    if (pid != 0 && !known)
        refuse("it stands for the {} {}, which is not in the image",
               of_thread ? "thread" : "process", pid);
    check_wait_status(file.pidfd().exit_status());
}

void check_external(const Index& index, const OpenFile& file) {
    const External& external = file.external();
    check_known(external);
    if (external.key().empty())
        refuse("it is external and has no key");
    check_text(external.key(), kMaxResource, "its key");
    const Tty* tty = external.tty() == 0 ? nullptr : index.tty(external.tty());
    if (external.tty() != 0 && (tty == nullptr || !tty->external()))
        refuse("its terminal {} is not external", external.tty());
}

void check_namespace_file(const Index&, const OpenFile& file) {
    check_known(file.namespace_file());
    if (std::ranges::find(sys::kNamespaces, file.namespace_file().name()) == sys::kNamespaces.end())
        refuse("its namespace is none that this crtool knows");
}

// In the order of Kind.
constexpr void (*kChecks[])(const Index&, const OpenFile&) = {
    check_regular,       check_pipe_end,    check_eventfd,        check_timerfd,
    check_signalfd,      check_epoll,       check_memfd,          check_terminal,
    check_inotify,       check_fanotify,    check_pidfd,          check_unix_socket,
    check_inet_socket,   check_external,    check_netlink_socket, check_tun,
    check_packet_socket, check_mqueue_file, check_namespace_file,
};
static_assert(std::size(kChecks) == kKinds, "a kind without a check");

void check_pipe(const Pipe& pipe) {
    ErrorContext context("pipe", pipe.id());
    check_known(pipe);
    // F_SETPIPE_SZ rounds up to a power of two of pages.
    if (pipe.size() < 4096 || pipe.size() > kMaxPipe || (pipe.size() & (pipe.size() - 1)) != 0)
        refuse("its size is {}", pipe.size());
    if (!pipe.path().empty() || pipe.deleted())
        check_path(pipe.path(), "its path");
    if (pipe.mode() > 07777)
        refuse("its mode is {:#o}", pipe.mode());
    check_id(pipe.uid(), "its owner");
    check_id(pipe.gid(), "its group");
    if (pipe.data().size() > pipe.size())
        refuse("{} bytes are in it, {} fit", pipe.data().size(), pipe.size());
    if (pipe.packets().empty())
        return;
    uint64_t sum = 0;
    for (uint32_t length : pipe.packets()) {
        if (length == 0 || length > 4096)
            refuse("a packet of {} bytes", length);
        sum += length;
    }
    if (sum != pipe.data().size() ||
        static_cast<uint32_t>(pipe.packets_size()) > pipe.size() / 4096)
        refuse("{} packets of {} bytes do not make {}", pipe.packets_size(), sum,
               pipe.data().size());
}

// What belongs to the inode must be the same at every open file of it.
void check_same_memfd(const OpenFile& file,
                      std::unordered_map<uint32_t, const OpenFile*>& by_content) {
    auto [at, fresh] = by_content.emplace(file.memfd().content(), &file);
    if (fresh)
        return;
    const Memfd& a = at->second->memfd();
    const Memfd& b = file.memfd();
    if (a.name() != b.name() || a.seals() != b.seals() || a.mode() != b.mode() ||
        a.create_flags() != b.create_flags() || a.uid() != b.uid() || a.gid() != b.gid())
        refuse("it is the same memfd as open file {}, but looks different", at->second->id());
}

void check_segment(const Index& index, const SysvShm& segment) {
    check_known(segment);
    const Content* content = index.content(segment.content());
    if (content == nullptr || segment.id() > INT32_MAX || segment.mode() > 0777)
        refuse("shared memory segment {} has mode {:#o} and content {}", segment.id(),
               segment.mode(), segment.content());
    if (segment.huge_shift() > 40)
        refuse("shared memory segment {} has pages of 2^{} bytes", segment.id(),
               segment.huge_shift());
    if (segment.size() == 0 || content->size() / kPageSize < (segment.size() - 1) / kPageSize)
        refuse("shared memory segment {} has {} bytes, and content of {}", segment.id(),
               segment.size(), content->size());
    for (uint32_t id : {segment.uid(), segment.gid(), segment.creator_uid(), segment.creator_gid()})
        check_id(id, "an owner of a shared memory segment");
}

void check_segments(const Index& index) {
    std::unordered_set<uint32_t> contents;
    for (const SysvShm& segment : index.image().shm_segments) {
        check_segment(index, segment);
        if (!contents.insert(segment.content()).second)
            refuse("two shared memory segments have the content {}", segment.content());
    }
}

// More the kernel lets in only where the program has said so, which nobody can read.
void check_fanout_groups(const Index& index) {
    std::unordered_map<uint32_t, uint32_t> members;
    for (const OpenFile& file : index.image().files)
        if (file.packet_socket().has_fanout() &&
            ++members[file.packet_socket().fanout().id()] > kMaxFanout)
            refuse("the fanout group {} of packet sockets has more than {} members",
                   file.packet_socket().fanout().id(), kMaxFanout);
}

}  // namespace

void check_files(const Index& index) {
    check_fanout_groups(index);
    check_segments(index);
    check_net_lock(index);
    for (const Pipe& pipe : index.image().pipes)
        check_pipe(pipe);
    std::unordered_map<uint32_t, const OpenFile*> memfds;
    for (const OpenFile& file : index.image().files) {
        ErrorContext context("open file", file.id());
        Kind kind = kind_of(file);
        check_common(file);
        kChecks[static_cast<size_t>(kind)](index, file);
        if (kind == Kind::memfd)
            check_same_memfd(file, memfds);
    }
}

}  // namespace crtool::image::checks
