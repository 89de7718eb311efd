// Every open file of the tree: descriptors, working directories, executables, mapped files.
//
// Use: add_process for each task; for each add_descriptors (once per descriptor table), add_places
// (once per fs struct), add_executable and add_mapping; then prepare_visit(); then check(), which
// refuses all that cannot be carried at once; then save(). The tree must be frozen all the time.
//
// Cost is one read of fdinfo per descriptor (nothing else tells close-on-exec) and, once per open
// file, a copy of the descriptor with a handful of cheap calls on it. Which descriptors are one
// open file is found by kcmp, in a binary search among those with the same inode, flags and
// position.
#pragma once

#include <sys/types.h>

#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "dump/content_store.h"
#include "dump/epoll_set.h"
#include "dump/eventfd_set.h"
#include "dump/external.h"
#include "dump/fd_probe.h"
#include "dump/file_lock.h"
#include "dump/inet_set.h"
#include "dump/kind.h"
#include "dump/looks.h"
#include "dump/options.h"
#include "dump/packet_set.h"
#include "dump/pipe_set.h"
#include "dump/posix_mqueue_set.h"
#include "dump/problems.h"
#include "dump/sysv_shm.h"
#include "dump/terminal_set.h"
#include "dump/unix_set.h"
#include "image/page_store.h"
#include "image/writer.h"
#include "proto/open_file.pb.h"
#include "proto/task.pb.h"
#include "sys/file_calls.h"
#include "sys/pidfd.h"
#include "sys/proc_dir.h"
#include "sys/proc_maps.h"

namespace crtool::dump {

class FileTable {
  public:
    // All references must outlive the table. Problems of others may go into the same list.
    FileTable(const Options& options, Problems& problems, OtherNames& names);

    // A process of the tree, dead or alive; all of them before the first descriptor.
    void add_process(pid_t pid) { processes_.insert(pid); }

    // A live thread of the tree; likewise.
    void add_thread(pid_t tid) { threads_.insert(tid); }

    // Fills task.fds. For a task with a descriptor table of its own.
    void add_descriptors(const sys::ProcDir& dir, image::Task& task);

    // Fills task.cwd and task.root.
    void add_places(const sys::ProcDir& dir, image::Task& task);

    // Fills task.exe. For a task with an address space of its own.
    void add_executable(const sys::ProcDir& dir, image::Task& task);

    // The file of an area that has one.
    struct Mapped {
        image::Area::Kind kind;  // FILE or SHMEM
        uint32_t file;           // OpenFile.id or Content.id
    };

    Mapped add_mapping(const sys::ProcDir& dir, const sys::Area& area);

    // An area of a socket, whose descriptor is yet to come; `area` stays where it is. check() says
    // whose it is.
    void add_ring(pid_t task, image::Area& area) { rings_.push_back({task, &area}); }

    // What the visit to the tasks has to know.
    void prepare_visit(std::span<const TaskProbe> tasks);

    // Looks at what can be told only when everything is known: pipes, terminals and whose they are,
    // epoll interest lists, owners; and at what is unread, for which all threads must be at rest in
    // crtool's code (looks.h). Then throws when there are problems (problems.h); if there were some
    // before, nothing unread is looked at. `own_ipc`: all segments of shared memory are the tree's.
    void check(std::vector<TaskProbe>& tasks, bool own_ipc);

    // Copies content and adds the records of files.img, and the Contents of memory.img.
    void save(image::Writer& writer, image::PageWriter& pages);

    // TCP connections: how the dump ends for them.
    InetSet& inet() { return inet_; }

    // What is in message queues only the visit can tell.
    PosixMqueueSet& mqueues() { return mqueues_; }

    // Likewise the modes of eventfds, where the kernel does not.
    EventfdSet& eventfds() { return eventfds_; }

  private:
    // Descriptors that may be one open file have equal keys.
    struct Key {
        int mount;
        uint64_t ino;
        uint64_t pos;
        uint64_t identity;  // eventfd-id: all anonymous inodes share one ino
        uint32_t flags;

        auto operator<=>(const Key&) const = default;
    };

    // One open file and a descriptor by which it can be had again.
    struct Known {
        pid_t task;
        int fd;
        uint32_t id;
    };

    struct MappedRing {
        pid_t task;
        image::Area* area;
    };

    struct MapKey {
        dev_t dev;
        uint64_t ino;
        std::string link;
        bool writable;

        auto operator<=>(const MapKey&) const = default;
    };

    uint32_t file_of(const sys::PidFd& pidfd, pid_t task, int fd, sys::FdInfo info);
    uint32_t add_file(const FdProbe& probe);
    uint32_t add_place(const sys::ProcDir& dir, const char* name);
    Mapped probe_file(const sys::ProcDir& dir, std::string name, const std::string& link,
                      bool writable);
    // A descriptor of crtool that was found in the queue of a socket.
    uint32_t add_carried(sys::UniqueFd fd);
    void read_unread();
    void check_owners();
    void find_rings();
    void check_terminals();

    FileVisit visit() {
        return {options_,  problems_, contents_,  pipes_,   sockets_, terminals_,
                watched_,  names_,    inet_,      packets_, epolls_,  mqueues_,
                eventfds_, looks_,    processes_, threads_};
    }

    const Options& options_;
    Problems& problems_;
    OtherNames& names_;
    ContentStore contents_;
    PipeSet pipes_;
    ShmSet segments_{contents_};
    TerminalSet terminals_;
    ExternalSet externals_;
    InetSet inet_;
    PacketSet packets_;
    std::vector<MappedRing> rings_;
    EpollSet epolls_;
    PosixMqueueSet mqueues_;
    EventfdSet eventfds_;
    LockSet locks_;
    Looks looks_;
    WatchedPaths watched_;
    std::unordered_set<pid_t> processes_;
    std::unordered_set<pid_t> threads_;
    UnixSet sockets_;
    std::vector<sys::UniqueFd> carried_;  // what only queues hold
    dev_t shmem_dev_ = 0;     // of the kernel's own tmpfs: memfds and shared anonymous memory
    sys::UniqueFd self_fds_;  // /proc/self/fd
    std::vector<image::OpenFile> files_;       // index: id − 1
    std::vector<Known> where_;                 // the same index; fd −1 when it is no descriptor
    std::map<Key, std::vector<Known>> known_;  // each list in the order of kcmp
    std::map<sys::FileId, uint32_t> places_;
    std::map<MapKey, Mapped> mapped_;
    std::vector<pid_t> tasks_;  // whose descriptors were added
};

}  // namespace crtool::dump
