// `crtool show`: descriptors of a task, and the open files, pipes and contents of the image.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>

#include "cli/show_sections.h"
#include "cli/show_text.h"
#include "image/kinds.h"
#include "sys/inet_calls.h"

namespace crtool::cli {
namespace {

using image::Kind;
using image::OpenFile;

std::string access_text(uint32_t flags) {
    if ((flags & O_PATH) != 0)
        return "path";
    constexpr std::array kModes = {"r", "w", "rw", "-"};
    std::string text = kModes[flags & O_ACCMODE];
    auto add = [&](uint32_t flag, const char* name) {
        if ((flags & flag) == flag)
            text += std::string(" ") + name;
    };
    add(O_APPEND, "append");
    add(O_NONBLOCK, "nonblock");
    add(O_DIRECT, "direct");
    add(O_ASYNC, "async");
    add(O_SYNC, "sync");
    return text;
}

std::string describe_regular(const image::RegularFile& file) {
    std::string text = printable(file.path());
    if (file.deleted())
        text += " (deleted)";
    if (S_ISDIR(file.mode()))
        text += " (directory)";
    return text;
}

std::string describe_pipe(const ShowView& view, const OpenFile& file) {
    const image::Pipe* pipe = view.pipe(file.pipe().pipe());
    if (pipe == nullptr)
        return fmt::format("pipe {}, which is missing", file.pipe().pipe());
    constexpr std::array kEnds = {"read end", "write end", "both ends", "no end"};
    std::string name = pipe->path().empty() ? fmt::format("pipe {}", pipe->id())
                                            : "FIFO " + printable(pipe->path()) +
                                                  (pipe->deleted() ? " (deleted)" : "");
    return fmt::format("{}, {}, {} in it", name, kEnds[file.flags() & O_ACCMODE],
                       size_text(pipe->data().size()));
}

std::string describe_timerfd(const image::Timerfd& timer) {
    return fmt::format("timerfd, {}, {} ticks unread",
                       interval_text(timer.value_ns(), timer.interval_ns()), timer.ticks());
}

std::string describe_terminal(const image::Terminal& terminal) {
    const char* what = terminal.tty() == 0  ? ", of the shell job"
                       : terminal.hung_up() ? ", hung up"
                       : terminal.master()  ? ", master"
                                            : "";
    std::string number = terminal.tty() == 0 ? "" : fmt::format(" {}", terminal.tty());
    return fmt::format("terminal{} {}{}", number, printable(terminal.path()), what);
}

std::string describe_unix_socket(const image::UnixSocket& socket) {
    constexpr std::array kTypes = {"stream", "datagram", "seqpacket"};
    constexpr std::array kStates = {"unconnected", "listening", "connected", "not accepted yet"};
    const char* type =
        socket.type() == SOCK_SEQPACKET ? kTypes[2] : kTypes[(socket.type() - 1) % 2];
    std::string text = fmt::format("unix {} socket, {}", type,
                                   kStates[static_cast<size_t>(socket.state()) % kStates.size()]);
    std::string name = socket.name().name();
    if (!name.empty() && name.front() == '\0')
        name.front() = '@';
    if (!name.empty())
        text += fmt::format(", bound to {}", printable(name));
    if (socket.peer() != 0)
        text += fmt::format(", peer is file {}", socket.peer());
    if (!socket.outside().empty())
        text += ", peer is outside of the tree";
    return text + fmt::format(", {} messages in it", socket.queue_size());
}

std::string describe_inet_socket(const image::InetSocket& socket) {
    constexpr std::array kStates = {"none",       "established", "syn-sent",  "syn-received",
                                    "fin-wait-1", "fin-wait-2",  "time-wait", "closed",
                                    "close-wait", "last-ack",    "listening", "closing"};
    constexpr std::array kTypes = {"stream", "datagram", "raw"};
    const char* type = socket.type() - 1 < kTypes.size() ? kTypes[socket.type() - 1] : "other";
    std::string text = fmt::format("{} socket of protocol {}", type, socket.protocol());
    if (socket.type() == SOCK_STREAM && socket.state() < kStates.size())
        text += fmt::format(", {}", kStates[socket.state()]);
    text += " " + sys::address_text(socket.local());
    if (!socket.remote().empty())
        text += " to " + sys::address_text(socket.remote());
    if (socket.peer() != 0)
        text += fmt::format(", peer is file {}", socket.peer());
    if (socket.other_end_closed())
        text += ", its other end was closed";
    uint64_t unread = socket.tcp().unread().size();
    for (const image::Datagram& datagram : socket.datagrams())
        unread += datagram.data().size();
    return text + fmt::format(", {} unread", size_text(unread));
}

std::string describe_packet_socket(const image::PacketSocket& socket) {
    return fmt::format(
        "packet socket of protocol {:#x} on {}{}", socket.protocol(),
        socket.has_interface() ? printable(socket.interface().name()) : "all interfaces",
        socket.has_fanout() ? fmt::format(", in fanout group {}", socket.fanout().id()) : "");
}

std::string describe_mqueue(const ShowView& view, uint32_t id) {
    const auto& queues = view.image().mqueues;
    auto at = std::ranges::find(queues, id, &image::PosixMqueue::id);
    if (at == queues.end())
        return fmt::format("message queue {}, which is missing", id);
    return fmt::format("message queue /{}{}, {} messages in it", printable(at->name()),
                       at->unlinked() ? " (deleted)" : "", at->messages_size()) +
           (at->has_notify() ? fmt::format(", notifies process {}", at->notify().pid()) : "");
}

std::string describe(const ShowView& view, const OpenFile& file) {
    switch (image::kind_of_case(file.object_case())) {
        case Kind::regular:
            return describe_regular(file.regular());
        case Kind::pipe:
            return describe_pipe(view, file);
        case Kind::eventfd:
            return fmt::format("eventfd, counter {}{}", file.eventfd().counter(),
                               file.eventfd().semaphore() ? ", semaphore" : "");
        case Kind::timerfd:
            return describe_timerfd(file.timerfd());
        case Kind::signalfd:
            return "signalfd for " + signal_set(file.signalfd().mask());
        case Kind::epoll:
            return fmt::format("epoll, watches {} descriptors", file.epoll().watches_size());
        case Kind::memfd: {
            const image::Content* content = view.content(file.memfd().content());
            return fmt::format("memfd {}, {}", printable(file.memfd().name()),
                               size_text(content == nullptr ? 0 : content->size()));
        }
        case Kind::terminal:
            return describe_terminal(file.terminal());
        case Kind::inotify:
            return fmt::format("inotify, {} watches", file.inotify().watches_size());
        case Kind::fanotify:
            return fmt::format("fanotify, {} marks", file.fanotify().marks_size());
        case Kind::pidfd:
            return file.pidfd().pid() == 0 ? "pidfd of a process that has gone"
                                           : fmt::format("pidfd of process {}", file.pidfd().pid());
        case Kind::unix_socket:
            return describe_unix_socket(file.unix_socket());
        case Kind::inet_socket:
            return describe_inet_socket(file.inet_socket());
        case Kind::external:
            return fmt::format("external {}", printable(file.external().key()));
        case Kind::netlink_socket:
            return fmt::format("netlink socket of protocol {}, port {}, {} groups",
                               file.netlink_socket().protocol(), file.netlink_socket().port(),
                               file.netlink_socket().groups_size());
        case Kind::tun:
            return file.tun().name().empty() ? "tun device without an interface"
                                             : "tun device of " + printable(file.tun().name());
        case Kind::packet_socket:
            return describe_packet_socket(file.packet_socket());
        case Kind::posix_mqueue:
            return describe_mqueue(view, file.posix_mqueue().queue());
        case Kind::namespace_file:
            return file.namespace_file().name() + " namespace";
        case Kind::count:
            break;
    }
    return "of an unknown kind";
}

uint64_t stored_bytes(const image::Content& content) {
    uint64_t sum = 0;
    for (const image::Content::Extent& extent : content.extents())
        sum += extent.length();
    return sum;
}

size_t unread_bytes(const image::Tty& tty) {
    size_t sum = tty.output().size() + tty.input().size();
    for (const image::TtyLine& line : tty.lines())
        sum += line.text().size();
    return sum;
}

void show_watches(const ShowView& view, std::string& out) {
    Table table("  ", {{"EPOLL"}, {"FD"}, {"EVENTS"}, {"DATA"}, {"WATCHES"}});
    for (const OpenFile& file : view.image().files) {
        for (const image::EpollWatch& watch : file.epoll().watches())
            table.add({fmt::format("{}", file.id()), fmt::format("{}", watch.fd()),
                       fmt::format("{:#x}", watch.events()), fmt::format("{:#x}", watch.data()),
                       describe_file(view, watch.file())});
    }
    table.print(out);
}

}  // namespace

std::string describe_file(const ShowView& view, uint32_t id) {
    const OpenFile* file = view.file(id);
    return file == nullptr ? fmt::format("open file {}, which is missing", id)
                           : describe(view, *file);
}

std::string path_of(const ShowView& view, uint32_t id) {
    const OpenFile* file = view.file(id);
    if (file == nullptr || !file->has_regular())
        return "-";
    return printable(file->regular().path()) + (file->regular().deleted() ? " (deleted)" : "");
}

void show_descriptors(const ShowView& view, const image::Task& task, std::string& out) {
    using enum Table::Align;
    Table table("    ", {{"FD", right}, {"FILE", right}, {"ACCESS"}, {"AT", right}, {"WHAT"}});
    for (const image::Fd& fd : task.fds()) {
        const OpenFile* file = view.file(fd.file());
        std::string access = file == nullptr ? "-" : access_text(file->flags());
        bool has_position = file != nullptr && file->has_regular() && file->pos() != 0;
        table.add({fmt::format("{}", fd.fd()), fmt::format("{}", fd.file()),
                   access + (fd.cloexec() ? " cloexec" : ""),
                   has_position ? fmt::format("{}", file->pos()) : "",
                   describe_file(view, fd.file())});
    }
    if (!task.fds().empty())
        out += "  Descriptors\n";
    table.print(out);
}

void show_files(const ShowView& view, std::string& out) {
    using enum Table::Align;
    std::array<size_t, image::kKinds + 1> counts{};
    for (const OpenFile& file : view.image().files)
        ++counts[static_cast<size_t>(image::kind_of_case(file.object_case()))];
    std::string text;
    for (size_t i = 0; i < image::kKinds; ++i) {
        if (counts[i] != 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[i],
                                image::name_of(static_cast<Kind>(i)));
    }
    out += fmt::format("Open files: {}\n", text.empty() ? "none" : text);
    if (!view.everything())
        return;
    Table files("  ", {{"FILE", right}, {"KIND"}, {"ACCESS"}, {"AT", right}, {"WHAT"}});
    for (const OpenFile& file : view.image().files) {
        Kind kind = image::kind_of_case(file.object_case());
        files.add({fmt::format("{}", file.id()),
                   kind == Kind::count ? "?" : std::string(image::name_of(kind)),
                   access_text(file.flags()), fmt::format("{}", file.pos()), describe(view, file)});
    }
    files.print(out);
    Table pipes("  ", {{"PIPE", right}, {"SIZE", right}, {"IN IT", right}, {"PACKETS", right}});
    for (const image::Pipe& pipe : view.image().pipes)
        pipes.add({fmt::format("{}", pipe.id()), size_text(pipe.size()),
                   size_text(pipe.data().size()), fmt::format("{}", pipe.packets_size())});
    pipes.print(out);
    Table ttys("  ",
               {{"TERMINAL", right}, {"PATH"}, {"SIZE"}, {"UNREAD", right}, {"FOREGROUND", right}});
    for (const image::Tty& tty : view.image().ttys)
        ttys.add({fmt::format("{}", tty.id()), printable(tty.path()),
                  fmt::format("{}x{}", tty.columns(), tty.rows()), size_text(unread_bytes(tty)),
                  tty.foreground() == 0 ? "" : fmt::format("{}", tty.foreground())});
    ttys.print(out);
    Table contents("  ", {{"CONTENT", right}, {"SIZE", right}, {"STORED", right}});
    for (const image::Content& content : view.image().contents)
        contents.add({fmt::format("{}", content.id()), size_text(content.size()),
                      size_text(stored_bytes(content))});
    contents.print(out);
    show_watches(view, out);
}

}  // namespace crtool::cli
