// Checks of validate() about sockets: see proto/unix_socket.proto.
#include <sys/socket.h>
#include <sys/un.h>

#include "image/validate_internal.h"
#include "net/netlink_modes.h"
#include "net/socket_options.h"

namespace crtool::image::checks {
namespace {

constexpr size_t kMaxName = sizeof(sockaddr_un::sun_path);
constexpr int kMaxFilesInMessage = 253;    // SCM_MAX_FD
constexpr uint32_t kMaxBuffer = 1U << 31;  // setsockopt(2) takes an int
constexpr size_t kFilterRow = 8;           // struct sock_filter
constexpr size_t kMaxFilter = 4096;        // BPF_MAXINSNS

void check_peer_creds(const UnixCreds& creds) {
    check_known(creds);
    if (creds.pid() >= kMaxPid)
        refuse("it has credentials of {}, which is no pid", creds.pid());
    check_id(creds.uid(), "the user of its peer");
    check_id(creds.gid(), "the group of its peer");
    for (uint32_t group : creds.groups())
        check_id(group, "a group of its peer");
}

void check_sun_path(const std::string& name, const char* what) {
    if (name.size() > kMaxName)
        refuse("{} has {} bytes", what, name.size());
    if (!name.empty() && name.front() != '\0')
        check_text(name, kMaxName, what);
}

void check_name(const UnixName& name) {
    check_known(name);
    if (name.name().empty())
        refuse("its name is empty");
    check_sun_path(name.name(), "its name");
    if (name.mode() > 07777)
        refuse("its mode is {:#o}", name.mode());
    check_id(name.uid(), "the user of its name");
    check_id(name.gid(), "the group of its name");
    if (name.name().front() == '\0' || name.deleted())
        return;
    check_path(name.path(), "its path");
    if (!name.base().empty())
        check_path(name.base(), "the directory of its name");
}

const UnixSocket* socket_of(const Index& index, uint32_t id) {
    const OpenFile* file = index.file(id);
    return file != nullptr && file->has_unix_socket() ? &file->unix_socket() : nullptr;
}

void check_queue(const Index& index, const UnixSocket& socket) {
    for (const UnixMessage& message : socket.queue()) {
        check_known(message);
        if (message.files_size() > kMaxFilesInMessage)
            refuse("a message has {} descriptors", message.files_size());
        if (socket.type() == SOCK_STREAM && message.data().empty())
            refuse("a part of a stream is empty");
        for (uint32_t file : message.files())
            if (index.file(file) == nullptr)
                refuse("a message holds the open file {}, which is not in the image", file);
        if (message.has_creds())
            check_peer_creds(message.creds());
        check_sun_path(message.sender(), "the sender of a message");
    }
}

// What the planner of a restore relies on: connections go both ways.
void check_peer(const Index& index, const OpenFile& file) {
    const UnixSocket& socket = file.unix_socket();
    const UnixSocket* peer = socket_of(index, socket.peer());
    bool is_pending = socket.state() == UnixSocket::PENDING;
    if (socket.peer() == 0) {
        if (is_pending)
            refuse("it waits for nobody to accept it");
        return;
    }
    if (peer == nullptr || peer->type() != socket.type())
        refuse("its peer {} is no such socket of the image", socket.peer());
    // One end of a datagram pair may talk to it alone only when it can be found by its name.
    bool by_name = socket.type() == SOCK_DGRAM && peer->has_name();
    bool fits = socket.state() == UnixSocket::CONNECTED && (by_name || peer->peer() == file.id());
    if (is_pending)
        fits = peer->state() == UnixSocket::LISTENING;
    if (!fits)
        refuse("its peer {} does not know of it", socket.peer());
}

// Somebody must be able to send what is in the queue.
void check_senders(const Index& index, const OpenFile& file) {
    const UnixSocket& socket = file.unix_socket();
    if (socket.type() != SOCK_DGRAM || socket.queue().empty() || socket.has_name())
        return;
    const UnixSocket* peer = socket_of(index, socket.peer());
    bool is_pair = socket.state() == UnixSocket::CONNECTED && socket.outside().empty() &&
                   (peer == nullptr || peer->peer() == file.id());
    if (!is_pair)
        refuse("it has messages that nobody can have sent");
}

}  // namespace

void check_options(const SocketOptions& options) {
    check_known(options);
    for (const SocketOption& option : options.options()) {
        check_known(option);
        if (!net::is_socket_option(static_cast<int>(option.name()), option.value().size()))
            refuse("its option {} of {} bytes is none that is carried", option.name(),
                   option.value().size());
    }
    if (options.sndbuf() >= kMaxBuffer || options.rcvbuf() >= kMaxBuffer)
        refuse("its buffers have {} and {} bytes", options.sndbuf(), options.rcvbuf());
    if (options.filter().size() % kFilterRow != 0 ||
        options.filter().size() / kFilterRow > kMaxFilter)
        refuse("its filter program has {} bytes", options.filter().size());
    check_id(options.uid(), "its user");
    check_id(options.gid(), "its group");
}

void check_unix_socket(const Index& index, const OpenFile& file) {
    const UnixSocket& socket = file.unix_socket();
    check_known(socket);
    if (socket.type() != SOCK_STREAM && socket.type() != SOCK_DGRAM &&
        socket.type() != SOCK_SEQPACKET)
        refuse("its type is {}", socket.type());
    if (!UnixSocket::State_IsValid(socket.state()) || socket.shutdown() > 3)
        refuse("its state is {}, {}", static_cast<int>(socket.state()), socket.shutdown());
    if (socket.has_name())
        check_name(socket.name());
    check_sun_path(socket.outside(), "its peer's name");
    check_peer(index, file);
    for (uint32_t client : socket.pending()) {
        const UnixSocket* waiting = socket_of(index, client);
        if (waiting == nullptr || waiting->state() != UnixSocket::PENDING ||
            waiting->peer() != file.id())
            refuse("{} does not wait to be accepted", client);
    }
    if (socket.state() == UnixSocket::LISTENING && !socket.has_name())
        refuse("it listens and has no name");
    if (socket.has_peer_creds())
        check_peer_creds(socket.peer_creds());
    check_queue(index, socket);
    check_senders(index, file);
    check_options(socket.options());
}

void check_netlink_socket(const Index&, const OpenFile& file) {
    const NetlinkSocket& socket = file.netlink_socket();
    check_known(socket);
    if ((socket.type() != SOCK_RAW && socket.type() != SOCK_DGRAM) ||
        socket.protocol() >= MAX_LINKS)
        refuse("its type is {}, its protocol {}", socket.type(), socket.protocol());
    if ((socket.modes() & ~net::netlink_mode_bits()) != 0)
        refuse("its modes are {:#x}", socket.modes());
    check_options(socket.options());
}

}  // namespace crtool::image::checks
