// Unix sockets: see proto/unix_socket.proto. Queues are in unix_queue.cc.
#include "restore/unix_socket.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "restore/unix_address.h"
#include "restore/unix_creds.h"

namespace crtool::restore {
namespace {

using How = UnixUnit::How;
using image::UnixSocket;

uint32_t type_of(const UnixSocket& socket, bool cloexec) {
    return socket.type() | (cloexec ? SOCK_CLOEXEC : 0);
}

const image::UnixCreds* creds_of(const UnixSocket& socket) {
    return socket.has_peer_creds() ? &socket.peer_creds() : nullptr;
}

// connect(2) to a file by its name in a directory, which needs no rights on the way.
void connect_at(const FileBuild& build, parasite::Arg fd, const UnixPlace& place) {
    parasite::ScriptBuilder& script = build.script;
    UnixAddress address = put_address(build, place.name);
    script.call("connect it", SYS_connect, {fd, address.at, address.size});
}

void enter(const FileBuild& build, const UnixPlace& place) {
    if (place.dir >= 0)
        build.script.call("enter the directory of its name", SYS_fchdir, {place.dir});
}

// An end that is gone has the other's type.
const UnixSocket& some_end(const Files& files, const UnixUnit& unit) {
    return files.file(unit.a != 0 ? unit.a : unit.b).unix_socket();
}

void make_meeting(const FileBuild& build, const UnixUnit& unit, int a, bool cloexec) {
    parasite::ScriptBuilder& script = build.script;
    const UnixService& service = build.files.service().unix;
    const UnixSocket& server = build.files.file(unit.b).unix_socket();
    auto bound = service.sockets.find(unit.a);
    uint32_t flags = cloexec ? SOCK_CLOEXEC : 0;
    if (bound != service.sockets.end())
        take_held(build, bound->second, cloexec);
    else
        script.call("make it", SYS_socket, {AF_UNIX, server.type() | flags | SOCK_NONBLOCK, 0});
    const UnixListener& listener = build.files.sockets().listeners[unit.listener];
    UnixPlace place = service.listener_places[unit.listener];
    if (place.dir < 0)
        place.name = listener.name;
    enter(build, place);
    act_as(build, creds_of(server), [&] { connect_at(build, a, place); });
    script.call("accept its connection", SYS_accept4,
                {service.listeners[unit.listener], 0, 0, flags | SOCK_NONBLOCK});
}

void make_pair(const FileBuild& build, const UnixUnit& unit, int a, int b, bool cloexec) {
    parasite::ScriptBuilder& script = build.script;
    const UnixSocket& socket = some_end(build.files, unit);
    uint64_t ends = script.arena().take(2 * sizeof(int));
    act_as(build, creds_of(socket), [&] {
        script.call("make it", SYS_socketpair, {AF_UNIX, type_of(socket, cloexec), 0, ends});
    });
    for (auto [file, fd] : {std::pair{unit.a, a}, std::pair{unit.b, b}}) {
        if (file == 0 || !build.files.file(file).unix_socket().has_name())
            continue;
        UnixAddress address =
            put_address(build, build.files.file(file).unix_socket().name().name());
        script.call("bind it", SYS_bind, {fd, address.at, address.size});
    }
}

// The listener has a name that all tasks can reach.
void connect_pending(const FileBuild& build, const UnixSocket& socket, parasite::Ref fd) {
    UnixPlace place = place_of(build, socket.peer());
    enter(build, place);
    connect_at(build, fd, place);
}

// The other side shall see the ids that the task has, not those of a restore.
void connect_outside(const FileBuild& build, const image::OpenFile& file, int fd) {
    const UnixSocket& socket = file.unix_socket();
    image::UnixCreds creds;
    if (const image::Task* holder = build.files.holder(file.id())) {
        const image::Creds& own = holder->threads(0).creds();
        creds.set_uid(own.euid());
        creds.set_gid(own.egid());
        *creds.mutable_groups() = own.groups();
    }
    UnixAddress address = put_address(build, socket.outside());
    act_as(build, &creds, [&] {
        build.script.call("connect it to its peer outside of the tree", SYS_connect,
                          {fd, address.at, address.size});
    });
}

void set_buffer(const FileBuild& build, int fd, int name, uint32_t size, uint32_t standard) {
    if (size == standard)
        return;
    uint64_t value = build.script.arena().put(static_cast<int>(size / 2));
    build.script.call("set the size of its buffer", SYS_setsockopt,
                      {fd, SOL_SOCKET, name, value, sizeof(int)});
}

void set_options(const FileBuild& build, const UnixSocket& socket, int fd) {
    const image::SocketOptions& options = socket.options();
    const image::UnixCreds& creds = socket.peer_creds();
    parasite::ScriptBuilder& script = build.script;
    const UnixService& service = build.files.service().unix;
    set_buffer(build, fd, SO_SNDBUFFORCE, options.sndbuf(), service.sndbuf);
    set_buffer(build, fd, SO_RCVBUFFORCE, options.rcvbuf(), service.rcvbuf);
    if (!options.filter().empty()) {
        sock_fprog program{};
        program.len = static_cast<unsigned short>(options.filter().size() / sizeof(sock_filter));
        program.filter = reinterpret_cast<sock_filter*>(script.arena().put_bytes(options.filter()));
        script.call(
            "attach its filter", SYS_setsockopt,
            {fd, SOL_SOCKET, SO_ATTACH_FILTER, script.arena().put(program), sizeof program});
    }
    for (const image::SocketOption& option : options.options())
        script.call("set an option", SYS_setsockopt,
                    {fd, SOL_SOCKET, option.name(), script.arena().put_bytes(option.value()),
                     option.value().size()});
    // Made by whom its peer sees, given to somebody else afterwards (fchown(2)), or neither.
    if (options.uid() != 0 || options.gid() != 0 || creds.uid() != 0 || creds.gid() != 0)
        script.call("give it to its owner", SYS_fchown, {fd, options.uid(), options.gid()});
}

// A datagram socket talks to one that is found by its name.
void connect_datagrams(const FileBuild& build, const image::OpenFile& file, int fd) {
    const UnixSocket& socket = file.unix_socket();
    const UnixUnit& unit = unit_of(build.files, file.id());
    if (unit.how != How::alone || socket.peer() == 0)
        return;
    UnixAddress address = put_address_of(build, socket.peer());
    build.script.call("connect it", SYS_connect, {fd, address.at, address.size});
}

}  // namespace

const UnixUnit& unit_of(const Files& files, uint32_t file) {
    const UnixPlan& plan = files.sockets();
    return plan.units[plan.unit_of.at(file)];
}

parasite::Ref make_unix_socket(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                               int) {
    parasite::ScriptBuilder& script = build.script;
    const UnixSocket& socket = file.unix_socket();
    const UnixService& service = build.files.service().unix;
    auto bound = service.sockets.find(file.id());
    parasite::Ref made = bound != service.sockets.end()
                             ? take_held(build, bound->second, cloexec)
                             : script.call("make it", SYS_socket,
                                           {AF_UNIX, type_of(socket, cloexec) | SOCK_NONBLOCK, 0});
    if (socket.state() == UnixSocket::PENDING)
        connect_pending(build, socket, made);
    return made;
}

void make_unix_ends(const FileBuild& build, const UnixUnit& unit, int a, int b, bool cloexec) {
    if (unit.how == How::meet)
        make_meeting(build, unit, a, cloexec);
    else
        make_pair(build, unit, a, b, cloexec);
}

void fill_unix_socket(const FileBuild& build, const image::OpenFile& file, int fd) {
    parasite::ScriptBuilder& script = build.script;
    const UnixSocket& socket = file.unix_socket();
    if (!socket.outside().empty())
        connect_outside(build, file, fd);
    else if (socket.type() == SOCK_DGRAM && socket.state() == UnixSocket::CONNECTED)
        connect_datagrams(build, file, fd);
    // What the other end has not read when it is closed is what it throws away.
    if (socket.reset() && socket.peer() == 0)
        script.call("send what is thrown away", SYS_sendto,
                    {fd, script.arena().put_bytes("x"), 1, MSG_NOSIGNAL | MSG_DONTWAIT, 0, 0},
                    parasite::kExact);
    set_options(build, socket, fd);
    if (socket.shutdown() != 0)
        script.call("shut it down", SYS_shutdown, {fd, socket.shutdown() - 1});
    // A pair is made blocking, all others are not.
    if (status_flags(file) != 0 || unit_of(build.files, file.id()).how != How::pair)
        script.call("set its status flags", SYS_fcntl, {fd, F_SETFL, status_flags(file)});
}

void emit_unix_listen(const FileBuild& build, const image::UnixCreds* creds, parasite::Arg fd,
                      uint32_t backlog) {
    act_as(build, creds, [&] { build.script.call("listen", SYS_listen, {fd, backlog}); });
}

}  // namespace crtool::restore
