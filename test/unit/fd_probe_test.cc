// Recognition of descriptors by literal link texts and fdinfo.
#include "dump/fd_probe.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "dump/epoll.h"
#include "dump/eventfd.h"
#include "dump/refused_kinds.h"
#include "dump/registry.h"
#include "dump/signalfd.h"
#include "dump/timerfd.h"

using namespace crtool;
using namespace crtool::dump;

namespace {

FdProbe probe_of(std::string link, mode_t mode,
                 std::string_view fdinfo = "pos:\t0\nflags:\t02\nmnt_id:\t15\n") {
    FdProbe probe;
    probe.task = 41;
    probe.number = 7;
    probe.proc_name = "fd/7";
    probe.link = std::move(link);
    probe.st.st_mode = mode;
    probe.info = sys::parse_fdinfo(fdinfo);
    return probe;
}

std::string_view kind_of(const FdProbe& probe) {
    const DumpKind* kind = find_kind(probe);
    return kind == nullptr ? "none" : image::name_of(kind->kind);
}

struct Visited {
    Options options;
    Problems problems;
    ContentStore contents;
    PipeSet pipes;
    UnixSet sockets;
    image::OpenFile file;

    TerminalSet terminals;
    WatchedPaths watched;
    OtherNames names;
    InetSet inet;
    PacketSet packets;
    EpollSet epolls;
    PosixMqueueSet mqueues;
    EventfdSet eventfds;
    Looks looks;
    std::unordered_set<pid_t> processes;
    std::unordered_set<pid_t> threads;

    FileVisit visit() {
        return {options, problems, contents, pipes,   sockets,  terminals, watched,   names,
                inet,    packets,  epolls,   mqueues, eventfds, looks,     processes, threads};
    }
};

}  // namespace

TEST_CASE("link texts") {
    CHECK(anon_inode_type("anon_inode:[eventfd]") == "eventfd");
    CHECK(anon_inode_type("anon_inode:inotify") == "inotify");
    CHECK(!anon_inode_type("/tmp/anon_inode:[eventfd]"));
    CHECK(before_deleted("/tmp/x (deleted)") == "/tmp/x");
    CHECK(!before_deleted("/tmp/x"));
    CHECK(memfd_name("/memfd:name (deleted)") == "name");
    CHECK(memfd_name("/memfd: (deleted)") == "");
    CHECK(!memfd_name("/memfd:name"));
    CHECK(!memfd_name("/tmp/memfd:name (deleted)"));
    CHECK(object_text("fd/7", "/dev/fuse") == "descriptor 7 (/dev/fuse)");
    CHECK(object_text("exe", "/bin/x") == "exe (/bin/x)");
}

TEST_CASE("times in fdinfo") {
    CHECK(parse_fdinfo_time("(0, 0)") == 0);
    CHECK(parse_fdinfo_time("(3, 5)") == 3'000'000'005);
    CHECK_THROWS(parse_fdinfo_time("3, 5"));
    CHECK_THROWS(parse_fdinfo_time("(3)"));
}

TEST_CASE("kinds are told by link and mode") {
    CHECK(kind_of(probe_of("/etc/passwd", S_IFREG)) == "regular");
    CHECK(kind_of(probe_of("/etc", S_IFDIR)) == "regular");
    CHECK(kind_of(probe_of("pipe:[4026]", S_IFIFO)) == "pipe");
    CHECK(kind_of(probe_of("/tmp/fifo", S_IFIFO)) == "pipe");
    CHECK(kind_of(probe_of("/tmp/fifo", S_IFIFO, "pos:\t0\nflags:\t010000000\nmnt_id:\t15\n")) ==
          "regular");
    CHECK(kind_of(probe_of("anon_inode:[eventfd]", 0600)) == "eventfd");
    CHECK(kind_of(probe_of("anon_inode:[timerfd]", 0600)) == "timerfd");
    CHECK(kind_of(probe_of("anon_inode:[signalfd]", 0600)) == "signalfd");
    CHECK(kind_of(probe_of("anon_inode:[eventpoll]", 0600)) == "epoll");
    CHECK(kind_of(probe_of("/memfd:x (deleted)", S_IFREG)) == "memfd");
    CHECK(kind_of(probe_of("anon_inode:[io_uring]", 0600)) == "none");
    CHECK(kind_of(probe_of("anon_inode:inotify", 0600)) == "inotify");
    CHECK(kind_of(probe_of("anon_inode:[pidfd]", 0600)) == "pidfd");
    CHECK(kind_of(probe_of("uts:[4026531838]", S_IFREG | 0444)) == "namespace_file");
    CHECK(kind_of(probe_of("new:[4026531838]", S_IFREG | 0444)) == "none");
}

TEST_CASE("the kind of a socket is told by its domain") {
    auto kind_of_socket = [](int domain, int type) {
        crtool::sys::UniqueFd fd(::socket(domain, type | SOCK_CLOEXEC, 0));
        REQUIRE(fd.valid());
        FdProbe probe = probe_of("socket:[17]", S_IFSOCK);
        probe.fd = fd.get();
        return kind_of(probe);
    };
    CHECK(kind_of_socket(AF_UNIX, SOCK_STREAM) == "unix_socket");
    CHECK(kind_of_socket(AF_NETLINK, SOCK_RAW) == "netlink_socket");
    CHECK(kind_of_socket(AF_PACKET, SOCK_DGRAM) == "packet_socket");
}

TEST_CASE("what cannot be carried says why") {
    CHECK(refusal_of("socket:[17]", S_IFSOCK).reason.starts_with("a socket"));
    CHECK(refusal_of("anon_inode:[io_uring]", 0).reason.starts_with("an io_uring"));
    CHECK(refusal_of("anon_inode:[something new]", 0).reason.find("not know") != std::string::npos);
}

TEST_CASE("eventfd: counter and mode") {
    Visited v;
    dump_eventfd(v.visit(),
                 probe_of("anon_inode:[eventfd]", 0600,
                          "pos:\t0\nflags:\t02\nmnt_id:\t15\nino:\t9\n"
                          "eventfd-count:               1f\neventfd-id: 3\n"
                          "eventfd-semaphore: 1\n"),
                 v.file);
    CHECK(v.file.eventfd().counter() == 0x1f);
    CHECK(v.file.eventfd().semaphore());
    CHECK(v.problems.empty());
}

TEST_CASE("eventfd: a kernel that does not tell the mode asks for a task of the tree") {
    Visited v;
    FdProbe probe = probe_of("anon_inode:[eventfd]", 0600,
                             "pos:\t0\nflags:\t02\nmnt_id:\t15\neventfd-count:                1\n");
    probe.task = 4;
    v.processes.insert(4);
    dump_eventfd(v.visit(), probe, v.file);
    CHECK(v.file.eventfd().counter() == 1);
    CHECK(v.problems.empty());
    v.processes.clear();
    dump_eventfd(v.visit(), probe, v.file);
    CHECK(!v.problems.empty());
}

TEST_CASE("timerfd: all fields") {
    Visited v;
    dump_timerfd(
        v.visit(),
        probe_of("anon_inode:[timerfd]", 0600,
                 "pos:\t0\nflags:\t02\nmnt_id:\t15\nclockid: 1\nticks: 0\nsettime flags: 01\n"
                 "it_value: (0, 49406829)\nit_interval: (1, 0)\n"),
        v.file);
    CHECK(v.file.timerfd().clock() == 1);
    CHECK(v.file.timerfd().ticks() == 0);
    CHECK(v.file.timerfd().settime_flags() == 1);
    CHECK(v.file.timerfd().value_ns() == 49'406'829);
    CHECK(v.file.timerfd().interval_ns() == 1'000'000'000);
    CHECK(v.file.timerfd().expiry_ns() == 0);
}

TEST_CASE("timerfd: a time of day") {
    Visited v;
    dump_timerfd(
        v.visit(),
        probe_of("anon_inode:[timerfd]", 0600,
                 "pos:\t0\nflags:\t02\nmnt_id:\t15\nclockid: 0\nticks: 0\nsettime flags: 03\n"
                 "it_value: (60, 0)\nit_interval: (0, 0)\n"),
        v.file);
    CHECK(v.file.timerfd().expiry_ns() > 60'000'000'000);
}

TEST_CASE("signalfd: the mask") {
    Visited v;
    dump_signalfd(v.visit(),
                  probe_of("anon_inode:[signalfd]", 0600,
                           "pos:\t0\nflags:\t02\nmnt_id:\t15\nsigmask:\t0000000000000a00\n"),
                  v.file);
    CHECK(v.file.signalfd().mask() == 0xa00);
}

TEST_CASE("epoll: one watch a line") {
    Visited v;
    dump_epoll(v.visit(),
               probe_of("anon_inode:[eventpoll]", 0600,
                        "pos:\t0\nflags:\t02\nmnt_id:\t15\n"
                        "tfd:        5 events:       1d data: ffffffffffffffff  pos:0 ino:61 "
                        "sdev:5\n"
                        "tfd:       12 events: 40000000 data:                7  pos:0 ino:61 "
                        "sdev:5\n"),
               v.file);
    REQUIRE(v.file.epoll().watches_size() == 2);
    CHECK(v.file.epoll().watches(0).fd() == 5);
    CHECK(v.file.epoll().watches(0).events() == 0x1d);
    CHECK(v.file.epoll().watches(0).data() == UINT64_MAX);
    CHECK(v.file.epoll().watches(1).fd() == 12);
    CHECK(v.file.epoll().watches(1).events() == 0x40000000);
    CHECK(v.file.epoll().watches(1).data() == 7);
}
