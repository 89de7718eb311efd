// Who is connected to whom: see proto/unix_socket.proto.
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "dump/unix_set.h"

namespace crtool::dump {
namespace {

constexpr const char* kDumpPeer =
    "dump the tree from the task that has the other end, or start the program with this "
    "descriptor on a file or pipe";

}  // namespace

void UnixSet::link(const Record& record, bool reconnect, Problems& problems) {
    for (const Entry& entry : entries_)
        link_one(entry, *record(entry.file).mutable_unix_socket(), reconnect, problems);
}

void UnixSet::link_one(const Entry& entry, image::UnixSocket& socket, bool reconnect,
                       Problems& problems) const {
    const net::UnixSocketInfo& info = *entry.info;
    if (info.state == TCP_LISTEN)
        return link_listener(entry, socket, problems);
    bool has_error = (entry.events & POLLERR) != 0;
    if (has_error && info.type != SOCK_STREAM)
        add_problem(entry, "a socket with an error that the program has not heard of yet",
                    "let the program use it once before the dump", problems);
    socket.set_reset(has_error);
    if (info.type == SOCK_DGRAM)
        check_queue(entry, socket, problems);
    if (!info.has_peer)
        return;
    socket.set_state(image::UnixSocket::CONNECTED);
    if (info.peer == 0) {
        auto listener = listener_of_.find(info.ino);
        if (listener != listener_of_.end())
            link_pending(entry, listener->second, socket, problems);
        return;
    }
    const Entry* peer = entry_of(info.peer);
    if (peer == nullptr)
        return link_outside(entry, socket, reconnect, problems);
    socket.set_peer(peer->file);
    if (info.type == SOCK_DGRAM)
        check_datagram_peer(entry, *peer, problems);
}

// What is in the queue has come from the other end of a pair, or to the socket's name.
void UnixSet::check_queue(const Entry& entry, const image::UnixSocket& socket,
                          Problems& problems) const {
    const net::UnixSocketInfo& info = *entry.info;
    const Entry* peer = entry_of(info.peer);
    bool is_pair = info.has_peer && (peer == nullptr || peer->info->peer == info.ino);
    if (socket.queue_size() > 0 && info.name.empty() && !is_pair)
        add_problem(entry, "a datagram socket without a name whose sender has turned away from it",
                    "let the program read what is in it", problems);
}

// Without a name a socket can only be connected to by being born so.
void UnixSet::check_datagram_peer(const Entry& entry, const Entry& peer, Problems& problems) const {
    bool is_mutual = peer.info->peer == entry.info->ino;
    if (!is_mutual && peer.info->name.empty())
        add_problem(entry,
                    "connected to a datagram socket that has no name, and now talks to others",
                    "let the program close one of them before the dump", problems);
    bool is_path = !entry.info->name.empty() && entry.info->name.front() != '\0';
    if (is_mutual && is_path && peer.info->name.empty())
        add_problem(entry,
                    "an end of a pair of datagram sockets that was bound to a path afterwards",
                    "let the program close it before the dump", problems);
}

void UnixSet::link_listener(const Entry& entry, image::UnixSocket& socket,
                            Problems& problems) const {
    for (uint32_t waiting : entry.info->pending) {
        const Entry* client = entry_of(waiting);
        if (client != nullptr) {
            socket.add_pending(client->file);
            continue;
        }
        add_problem(entry,
                    waiting == 0 ? "a listening socket with a connection that has been closed "
                                   "before it was accepted"
                                 : "a listening socket with a connection from outside of the tree "
                                   "that has not been accepted yet",
                    "let the program accept it before the dump", problems, Lasts::a_moment);
    }
}

// Data in flight is in the queue of a socket that nobody can get at before accept(2).
void UnixSet::link_pending(const Entry& entry, uint32_t listener, image::UnixSocket& socket,
                           Problems& problems) const {
    const Entry* at = entry_of(listener);
    if (at == nullptr) {
        add_problem(entry,
                    "a connection to a listening socket outside of the tree, which has not "
                    "accepted it yet",
                    "let it be accepted before the dump", problems, Lasts::a_moment);
        return;
    }
    socket.set_state(image::UnixSocket::PENDING);
    socket.set_peer(at->file);
    if (entry.info->backlog > 0)
        add_problem(entry,
                    "a connection that has not been accepted yet and into which data was sent, "
                    "which nobody can read before it is accepted",
                    "let the other end accept it before the dump", problems, Lasts::a_moment);
}

void UnixSet::link_outside(const Entry& entry, image::UnixSocket& socket, bool reconnect,
                           Problems& problems) const {
    auto peer = by_ino_.find(entry.info->peer);
    std::string name = peer == by_ino_.end() ? "" : peer->second->name;
    bool can_connect = !name.empty() && (name.front() == '\0' || name.front() == '/');
    if (!can_connect) {
        add_problem(entry,
                    "connected to a socket outside of the tree that has no name to connect to",
                    kDumpPeer, problems);
        return;
    }
    std::string text = name.front() == '\0' ? "@" + name.substr(1) : name;
    if (!reconnect) {
        add_problem(entry, fmt::format("connected to {}, which is outside of the tree", text),
                    "let --ext-unix-sk connect it to that name again", problems);
        return;
    }
    if (socket.queue_size() > 0 || entry.info->backlog > 0) {
        add_problem(entry,
                    fmt::format("connected to {}, which is outside of the tree, with data on its "
                                "way that a new connection would not have",
                                text),
                    "let both sides read it before the dump", problems, Lasts::a_moment);
        return;
    }
    socket.set_outside(name);
}

}  // namespace crtool::dump
