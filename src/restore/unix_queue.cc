// Queues of unix sockets, filled by sending: see proto/unix_socket.proto.
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <cstring>

#include "base/error.h"
#include "restore/unix_address.h"
#include "restore/unix_socket.h"

namespace crtool::restore {
namespace {

using image::UnixMessage;
using image::UnixSocket;

constexpr uint32_t kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
// What the kernel adds to the memory of each message, and keeps free of a buffer for one.
constexpr uint64_t kOverhead = 4096;

// struct msghdr with all that a message has; its address.
class MessageHead {
  public:
    explicit MessageHead(const FileBuild& build) : arena_(build.script.arena()) {}

    void add_data(const std::string& data) {
        iovec part = {reinterpret_cast<void*>(arena_.put_bytes(data)), data.size()};
        head_.msg_iov = reinterpret_cast<iovec*>(arena_.put(part));
        head_.msg_iovlen = 1;
    }

    void add_address(const UnixAddress& address) {
        head_.msg_name = reinterpret_cast<void*>(address.at);
        head_.msg_namelen = static_cast<socklen_t>(address.size);
    }

    void add_creds(const image::UnixCreds& creds) {
        ucred value{static_cast<pid_t>(creds.pid()), creds.uid(), creds.gid()};
        add_control(SCM_CREDENTIALS, &value, sizeof value);
    }

    void add_fds(std::span<const int> fds) {
        add_control(SCM_RIGHTS, fds.data(), fds.size_bytes());
    }

    uint64_t put() {
        if (!control_.empty()) {
            head_.msg_control = reinterpret_cast<void*>(arena_.put_bytes(control_));
            head_.msg_controllen = control_.size();
        }
        return arena_.put(head_);
    }

  private:
    void add_control(int type, const void* value, size_t size) {
        size_t start = control_.size();
        control_.resize(start + CMSG_SPACE(size));
        cmsghdr head{};
        head.cmsg_len = CMSG_LEN(size);
        head.cmsg_level = SOL_SOCKET;
        head.cmsg_type = type;
        std::memcpy(control_.data() + start, &head, sizeof head);
        std::memcpy(control_.data() + start + CMSG_LEN(0), value, size);
    }

    parasite::Arena& arena_;
    msghdr head_{};
    std::string control_;
};

void set_sndbuf(const FileBuild& build, parasite::Arg fd, uint64_t bytes) {
    uint64_t value = build.script.arena().put(static_cast<int>(bytes / 2));
    build.script.call("make room for what is in its queue", SYS_setsockopt,
                      {fd, SOL_SOCKET, SO_SNDBUFFORCE, value, sizeof(int)});
}

uint64_t memory_of(const UnixSocket& socket) {
    uint64_t bytes = kOverhead;
    for (const UnixMessage& message : socket.queue())
        bytes += 2 * message.data().size() + kOverhead;
    return bytes;
}

// One queue while it is filled.
class Filling {
  public:
    Filling(const FileBuild& build, const image::OpenFile& file, std::span<const int> carried)
        : build_(build), file_(file), socket_(file.unix_socket()), carried_(carried) {}

    void from_peer(int fd) {
        uint64_t needed = memory_of(socket_);
        uint32_t standard = build_.files.service().unix.sndbuf;
        if (needed > standard)
            set_sndbuf(build_, fd, needed);
        for (const UnixMessage& message : socket_.queue())
            send(fd, message, nullptr);
        if (needed > standard)
            set_sndbuf(build_, fd, standard);
    }

    // Each from a socket that has the sender's name, or none.
    void from_anybody() {
        parasite::ScriptBuilder& script = build_.script;
        UnixAddress address = put_address_of(build_, file_.id());
        for (const UnixMessage& message : socket_.queue()) {
            if (!message.sender().empty()) {
                from(build_.files.service().unix.senders.at(message.sender()), message, address);
                continue;
            }
            // Closed again at once, so that the number is free for what comes next.
            parasite::Ref sender =
                script.call("make a sender", SYS_socket, {AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0});
            set_sndbuf(build_, sender, memory_of(socket_));
            send(sender, message, &address);
            script.call("close a sender", SYS_close, {sender});
        }
    }

  private:
    void from(const UnixSender& sender, const UnixMessage& message, const UnixAddress& address) {
        uint64_t needed = memory_of(socket_);
        if (needed > sender.sndbuf)
            set_sndbuf(build_, sender.fd, needed);
        send(sender.fd, message, &address);
        if (needed > sender.sndbuf)
            set_sndbuf(build_, sender.fd, sender.sndbuf);
    }

    void send(parasite::Arg fd, const UnixMessage& message, const UnixAddress* address) {
        parasite::ScriptBuilder& script = build_.script;
        if (!message.has_creds() && message.files().empty() && address == nullptr) {
            script.call(
                "send what is in its queue", SYS_sendto,
                {fd, script.arena().put_bytes(message.data()), message.data().size(), kFlags, 0, 0},
                parasite::kExact);
            return;
        }
        MessageHead head(build_);
        head.add_data(message.data());
        if (address != nullptr)
            head.add_address(*address);
        if (message.has_creds())
            head.add_creds(message.creds());
        if (!message.files().empty()) {
            auto count = static_cast<size_t>(message.files_size());
            head.add_fds(carried_.first(count));
            carried_ = carried_.subspan(count);
        }
        script.call("send what is in its queue", SYS_sendmsg, {fd, head.put(), kFlags});
    }

    const FileBuild& build_;
    const image::OpenFile& file_;
    const UnixSocket& socket_;
    std::span<const int> carried_;
};

}  // namespace

UnixAddress put_address(const FileBuild& build, const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), std::min(name.size(), sizeof address.sun_path));
    size_t size = offsetof(sockaddr_un, sun_path) + name.size();
    if (name.front() != '\0' && name.size() < sizeof address.sun_path)
        size++;
    return {build.script.arena().put(address), size};
}

UnixPlace place_of(const FileBuild& build, uint32_t file) {
    const UnixService& service = build.files.service().unix;
    auto place = service.places.find(file);
    if (place != service.places.end())
        return place->second;
    return {-1, build.files.file(file).unix_socket().name().name()};
}

UnixAddress put_address_of(const FileBuild& build, uint32_t file) {
    UnixPlace place = place_of(build, file);
    if (place.dir < 0)
        return put_address(build, place.name);
    std::string path = descriptor_path(place.dir) + "/" + place.name;
    if (path.size() > sizeof(sockaddr_un::sun_path))
        fail(Errc::unsupported, "the name '{}' of a unix socket is too long to be reached",
             place.name);
    return put_address(build, path);
}

void send_unix_queue(const FileBuild& build, const image::OpenFile& file, int from,
                     std::span<const int> carried) {
    Filling filling(build, file, carried);
    if (from >= 0)
        filling.from_peer(from);
    else
        filling.from_anybody();
}

}  // namespace crtool::restore
