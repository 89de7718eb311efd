// Probes of open files and sockets.
#include <errno.h>
#include <linux/kcmp.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <compare>
#include <cstdint>

#include "base/error.h"
#include "sys/feature_probe.h"
#include "sys/kcmp.h"
#include "sys/proc_dir.h"
#include "sys/proc_fdinfo.h"
#include "sys/socket_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::sys {
namespace {

UniqueFd checked(int fd, const char* call) {
    if (fd < 0)
        fail_errno(errno, "{} failed", call);
    return UniqueFd(fd);
}

std::string own_fdinfo(int fd) {
    return ProcDir(::getpid()).read("fdinfo/" + std::to_string(fd));
}

ProbeResult probe_mount_id() {
    UniqueFd file = memfd("crtool-probe");
    return probed(parse_fdinfo(own_fdinfo(file.get())).mnt_id >= 0, ENOENT);
}

ProbeResult probe_lock_info() {
    UniqueFd file = memfd("crtool-probe");
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        return probed(false);
    std::string text = own_fdinfo(file.get());
    return probed(parse_fdinfo(text).find("lock").has_value(), ENOENT);
}

ProbeResult probe_timerfd_ticks() {
    UniqueFd timer =
        checked(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create");
    uint64_t ticks = 1;
    return probed(::ioctl(timer.get(), TFD_IOC_SET_TICKS, &ticks) == 0);
}

ProbeResult probe_eventfd_mode() {
    UniqueFd event = checked(::eventfd(0, EFD_CLOEXEC), "eventfd");
    std::string text = own_fdinfo(event.get());
    return probed(parse_fdinfo(text).find("eventfd-semaphore").has_value(), ENOENT);
}

ProbeResult probe_epoll_target() {
    UniqueFd epoll = checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    UniqueFd watched = checked(::eventfd(0, EFD_CLOEXEC), "eventfd");
    epoll_event event{};
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, watched.get(), &event) != 0)
        return probed(false);
    bool same = std::is_eq(
        kcmp_epoll_target(::getpid(), watched.get(), ::getpid(), epoll.get(), watched.get()));
    return {same, same ? "" : "wrong answer"};
}

ProbeResult probe_tcp_repair() {
    UniqueFd socket = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    int on = TCP_REPAIR_ON;
    return probed(::setsockopt(socket.get(), IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)) == 0);
}

ProbeResult probe_tcp_peek_offset() {
    UniqueFd socket = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    return probed(socket_option_int(socket.get(), SOL_SOCKET, SO_PEEK_OFF).has_value(), EOPNOTSUPP);
}

ProbeResult probe_sock_diag() {
    return probed(
        checked(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG), "socket")
            .valid());
}

constexpr FeatureProbe kProbes[] = {
    {"mnt_id", "the mount of an open file", FeatureNeed::required, probe_mount_id},
    {"epoll_kcmp", "what an epoll instance watches", FeatureNeed::object, probe_epoll_target},
    {"eventfd_mode", "the mode of an eventfd, without trying it out", FeatureNeed::speed,
     probe_eventfd_mode},
    {"timerfd", "unread ticks of a timerfd", FeatureNeed::object, probe_timerfd_ticks},
    {"fdinfo_lock", "file locks", FeatureNeed::object, probe_lock_info},
    {"sock_diag", "sockets", FeatureNeed::object, probe_sock_diag},
    {"tcp_repair", "established TCP connections", FeatureNeed::object, probe_tcp_repair},
    {"tcp_peek_off", "unread urgent data of TCP connections", FeatureNeed::object,
     probe_tcp_peek_offset},
};

}  // namespace

std::span<const FeatureProbe> object_probes() {
    return kProbes;
}

}  // namespace crtool::sys
