// See unix_set.h. Queues are read in unix_queue.cc, peers told in unix_peers.cc.
#include "dump/unix_set.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/fault.h"
#include "dump/socket_options.h"
#include "dump/unix_name.h"
#include "sys/socket_calls.h"

namespace crtool::dump {
namespace {

void read_options(const FdProbe& probe, const net::UnixSocketInfo& info,
                  image::SocketOptions& record) {
    record.set_sndbuf(info.sndbuf);
    record.set_rcvbuf(info.rcvbuf);
    record_socket_options(probe, record);
}

void read_peer_creds(int fd, image::UnixSocket& socket) {
    sys::PeerCredentials creds = sys::peer_credentials(fd);
    if (creds.pid == 0)
        return;
    image::UnixCreds& record = *socket.mutable_peer_creds();
    record.set_pid(static_cast<uint32_t>(creds.pid));
    record.set_uid(creds.uid);
    record.set_gid(creds.gid);
    for (gid_t group : creds.groups)
        record.add_groups(group);
}

}  // namespace

void UnixSet::read_all() {
    fault::point("ask for all unix sockets");
    infos_ = net::read_unix_sockets();
    by_ino_.reserve(infos_.size());
    for (const net::UnixSocketInfo& info : infos_) {
        by_ino_.emplace(info.ino, &info);
        for (uint32_t waiting : info.pending)
            listener_of_.emplace(waiting, info.ino);
    }
    is_read_ = true;
}

const UnixSet::Entry* UnixSet::entry_of(uint32_t ino) const {
    auto at = entry_of_.find(ino);
    return at == entry_of_.end() ? nullptr : &entries_[at->second];
}

void UnixSet::add_problem(const Entry& entry, std::string reason, std::string way_out,
                          Problems& problems, Lasts lasts) const {
    problems.add(entry.task, fmt::format("descriptor {} ({})", entry.fd, entry.link),
                 std::move(reason), std::move(way_out), lasts);
}

void UnixSet::add(const FdProbe& probe, image::OpenFile& file, Problems& problems) {
    if (!is_read_)
        read_all();
    image::UnixSocket& socket = *file.mutable_unix_socket();
    Entry entry{probe.task, probe.number, probe.link, file.id(), nullptr, 0};
    auto ino = static_cast<uint32_t>(probe.st.st_ino);
    auto found = by_ino_.find(ino);
    if (found == by_ino_.end()) {
        add_problem(entry, "a unix socket of another network namespace", "close it before the dump",
                    problems);
        return;
    }
    const net::UnixSocketInfo& info = *found->second;
    entry.info = &info;
    entry.events = sys::poll_now(probe.fd);
    socket.set_type(info.type);
    socket.set_shutdown(info.shutdown);
    bool is_connected = info.state == TCP_ESTABLISHED && info.type != SOCK_DGRAM;
    if (info.state == TCP_LISTEN) {
        socket.set_state(image::UnixSocket::LISTENING);
        socket.set_backlog(info.backlog);
    }
    if (!info.name.empty()) {
        image::UnixName& name = *socket.mutable_name();
        name.set_name(info.name);
        // A connection has the name of the listener that it came from, and its file does not
        // matter.
        if (is_connected)
            name.set_deleted(info.name.front() != '\0');
        else if (info.name.front() != '\0')
            find_bound_file(probe, info.name, name);
    }
    if (info.type != SOCK_DGRAM || info.has_peer)
        read_peer_creds(probe.fd, socket);
    read_options(probe, info, *socket.mutable_options());
    entry_of_.emplace(ino, entries_.size());
    entries_.push_back(std::move(entry));
}

}  // namespace crtool::dump
