// Unix sockets of the tree while descriptors are collected: what sock_diag tells of them, and how
// they belong together.
//
// Who a socket's peer is, and what is in its queue, can be told only when all descriptors are
// known; a queue may hold descriptors that nobody else has, and so bring further sockets.
#pragma once

#include <sys/types.h>

#include <functional>
#include <unordered_map>
#include <vector>

#include "dump/fd_probe.h"
#include "dump/problems.h"
#include "net/unix_diag.h"
#include "proto/open_file.pb.h"
#include "sys/socket_calls.h"

namespace crtool::dump {

class UnixSet {
  public:
    // A new open file, of which `file` is the record: fills what the socket itself tells.
    void add(const FdProbe& probe, image::OpenFile& file, Problems& problems);

    // The OpenFile.id of a descriptor that was found in a queue, which the callee may keep.
    using AddFile = std::function<uint32_t(sys::UniqueFd)>;
    // The record of an OpenFile.id; good until the next AddFile.
    using Record = std::function<image::OpenFile&(uint32_t)>;

    // Reads what is in each queue; the looks at them are as those of looks.h.
    void read_queues(const AddFile& add_file, const Record& record, Problems& problems);

    // Fills peers and pending connections; `reconnect`: --ext-unix-sk.
    void link(const Record& record, bool reconnect, Problems& problems);

  private:
    struct Entry {
        pid_t task = 0;
        int fd = -1;
        std::string link;
        uint32_t file = 0;
        const net::UnixSocketInfo* info = nullptr;
        short events = 0;  // of poll(2)
    };

    using Queue = std::vector<sys::PeekedMessage>;

    void read_all();
    // Of all entries from number `first` on.
    std::vector<Queue> look(size_t first, Problems& problems) const;
    void read_queue(const Entry& entry, int fd, Queue& queue, Problems& problems) const;
    void add_problem(const Entry& entry, std::string reason, std::string way_out,
                     Problems& problems, Lasts lasts = Lasts::on) const;
    bool may_have_data(const Entry& entry) const;
    void link_one(const Entry& entry, image::UnixSocket& socket, bool reconnect,
                  Problems& problems) const;
    void link_listener(const Entry& entry, image::UnixSocket& socket, Problems& problems) const;
    void link_pending(const Entry& entry, uint32_t listener, image::UnixSocket& socket,
                      Problems& problems) const;
    void link_outside(const Entry& entry, image::UnixSocket& socket, bool reconnect,
                      Problems& problems) const;
    void check_queue(const Entry& entry, const image::UnixSocket& socket, Problems& problems) const;
    void check_datagram_peer(const Entry& entry, const Entry& peer, Problems& problems) const;
    const Entry* entry_of(uint32_t ino) const;

    bool is_read_ = false;
    std::vector<net::UnixSocketInfo> infos_;
    std::unordered_map<uint32_t, const net::UnixSocketInfo*> by_ino_;
    std::unordered_map<uint32_t, uint32_t> listener_of_;  // of those who wait to be accepted
    std::vector<Entry> entries_;
    std::unordered_map<uint32_t, size_t> entry_of_;  // by inode
};

}  // namespace crtool::dump
