// Internet sockets of the tree while descriptors are collected, and what several of them share: the
// options of new sockets to compare with, the multicast groups of the machine, connections and
// their two ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "dump/backlogs.h"
#include "dump/fd_probe.h"
#include "dump/options.h"
#include "dump/problems.h"
#include "dump/tcp_other_end.h"
#include "net/inet_groups.h"
#include "net/inet_options.h"
#include "net/net_lock.h"
#include "net/raw_peers.h"
#include "proto/inet_socket.pb.h"
#include "proto/open_file.pb.h"
#include "sys/fd.h"

namespace crtool::net {
struct TcpConnection;
}

namespace crtool::sys {
class Apart;
}

namespace crtool::dump {

// What a new socket has.
struct SocketDefaults {
    std::vector<net::InetOption> options;
    int sndbuf = 0;
    int rcvbuf = 0;
};

// As after the end of a connection: what has arrived can be read, then comes the end. False: it
// cannot be carried, as urgent data is in it; nothing is recorded then.
bool record_end(int fd, image::InetSocket& socket);

class InetSet {
  public:
    bool is_own_namespace(int fd);
    const SocketDefaults& defaults(int domain, int type, int protocol);
    // MCAST_JOIN_GROUP and MCAST_MSFILTER for every group that the socket has joined.
    std::vector<net::InetOption> memberships(int fd, uint32_t domain);

    // What waited before the tree was stopped; without it, all that waits did. It outlives the set.
    void set_backlogs(const Backlogs& backlogs) { backlogs_ = &backlogs; }

    // Of the `now` connections that wait at a listener, those that stand against the dump.
    unsigned waited(uint64_t ino, unsigned now) const {
        return backlogs_ == nullptr ? now : backlogs_->waited(ino, now);
    }

    // Of a raw or ping socket; empty: none.
    std::string raw_peer(const FdProbe& probe, uint32_t domain);

    // Open file `id` has a connection, to be read in link(). Keeps a copy of its descriptor.
    void add_connection(const FdProbe& probe, uint32_t id);

    // Finds pairs; refuses or, with --tcp-close, ends what leads outside; locks and reads the rest,
    // by looks as those of looks.h.
    // `records`: all open files by id − 1.
    void link(std::vector<image::OpenFile>& records, const Options& options, Problems& problems);

    // The name that the lock has after outlive(); empty when there is nothing to lock.
    std::string name_lock();
    // The tree has been killed, and no connection of it shall say so: they are put into repair
    // mode, in which closing is silent, and a lock is made that outlives crtool.
    void outlive();

    // The tree goes on: lets packets through again.
    void unlock() { lock_.reset(); }

  private:
    struct Open {
        uint32_t id = 0;
        pid_t task = 0;
        std::string object;  // for messages
        sys::UniqueFd fd;
        uint32_t ino = 0;
        image::OpenFile* file = nullptr;  // during link()
        bool ends = false;                // with the dump (--tcp-close)
    };

    void find_half_open();
    void pair_up();
    void settle_outside(OtherEnds& others, const Options& options, Problems& problems);
    static void end_with_dump(const Open& open, Problems& problems);
    static void refuse(const Open& open, const char* what_of_it, const char* way_out, Lasts lasts,
                       Problems& problems);
    void lock_outside(Problems& problems);
    static void record(const Open& open, const net::TcpConnection& from, Problems& problems);
    void read_all(const sys::Apart& apart, Problems& problems) const;
    static void read_both(const Open& open, const Open& other, Problems& problems);
    static image::InetSocket& socket(const Open& open);
    bool leads_outside(const Open& open) const;

    const Backlogs* backlogs_ = nullptr;
    std::optional<uint64_t> own_namespace_;
    std::map<std::tuple<int, int, int>, SocketDefaults> defaults_;
    std::optional<std::vector<net::JoinedGroup>> groups_;
    std::optional<std::map<uint64_t, net::Endpoint>> raw_peers_;
    std::vector<Open> open_;
    std::unique_ptr<net::NetLock> lock_;
    std::string lock_name_;
};

}  // namespace crtool::dump
