// The interface of a kind of open file on the dump side. One file per kind, named like it; what the
// object is and how it is read stands in proto/<kind>.proto.
#pragma once

#include <unordered_set>

#include "dump/content_store.h"
#include "dump/epoll_set.h"
#include "dump/eventfd_set.h"
#include "dump/fd_probe.h"
#include "dump/inet_set.h"
#include "dump/looks.h"
#include "dump/options.h"
#include "dump/other_names.h"
#include "dump/packet_set.h"
#include "dump/pipe_set.h"
#include "dump/posix_mqueue_set.h"
#include "dump/problems.h"
#include "dump/terminal_set.h"
#include "dump/unix_set.h"
#include "dump/watched_path.h"
#include "image/kinds.h"
#include "proto/open_file.pb.h"

namespace crtool::dump {

class FileTable;

// What kinds may use while they look at one open file.
struct FileVisit {
    const Options& options;
    Problems& problems;
    ContentStore& contents;
    PipeSet& pipes;
    UnixSet& sockets;
    TerminalSet& terminals;
    WatchedPaths& watched;
    OtherNames& names;
    InetSet& inet;
    PacketSet& packets;
    EpollSet& epolls;
    PosixMqueueSet& mqueues;
    EventfdSet& eventfds;
    Looks& looks;
    const std::unordered_set<pid_t>& processes;  // of the tree, dead or alive
    const std::unordered_set<pid_t>& threads;    // of the tree, those that live

    // Says that the open file cannot be carried.
    void refuse(const FdProbe& probe, std::string reason, std::string way_out,
                Lasts lasts = Lasts::on) const {
        problems.add(probe.task, object_text(probe.proc_name, probe.link), std::move(reason),
                     std::move(way_out), lasts);
    }
};

// References: a row without one of them does not compile.
struct DumpKind {
    image::Kind kind;
    // Is it this kind? Asked of one kind after the other; at most one says yes.
    bool (&matches)(const FdProbe& probe);
    // Fills the case of the kind in `file`; id, flags, position and owner are there already.
    void (&dump)(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);
};

}  // namespace crtool::dump
