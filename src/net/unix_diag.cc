// See unix_diag.h.
#include "net/unix_diag.h"

#include <linux/unix_diag.h>
#include <sys/socket.h>

#include <array>

#include "net/sock_diag.h"

namespace crtool::net {
namespace {

void read_name(Bytes value, std::string& name) {
    name.assign(reinterpret_cast<const char*>(value.data()), value.size());
    if (!name.empty() && name.front() != '\0')
        name.resize(name.find('\0') == std::string::npos ? name.size() : name.find('\0'));
}

void read_memory(Bytes value, UnixSocketInfo& info) {
    auto memory = take_struct<std::array<uint32_t, SK_MEMINFO_SNDBUF + 1>>(value);
    info.rcvbuf = memory[SK_MEMINFO_RCVBUF];
    info.sndbuf = memory[SK_MEMINFO_SNDBUF];
}

void read_attribute(int type, Bytes value, UnixSocketInfo& info) {
    switch (type) {
        case UNIX_DIAG_NAME:
            return read_name(value, info.name);
        case UNIX_DIAG_VFS:
            info.file_ino = take_struct<unix_diag_vfs>(value).udiag_vfs_ino;
            info.file_dev = take_struct<unix_diag_vfs>(value).udiag_vfs_dev;
            return;
        case UNIX_DIAG_PEER:
            info.has_peer = true;
            info.peer = take_struct<uint32_t>(value);
            return;
        case UNIX_DIAG_ICONS:
            for (; value.size() >= sizeof(uint32_t); value = value.subspan(sizeof(uint32_t)))
                info.pending.push_back(take_struct<uint32_t>(value));
            return;
        case UNIX_DIAG_RQLEN:
            info.queue = take_struct<unix_diag_rqlen>(value).udiag_rqueue;
            info.backlog = take_struct<unix_diag_rqlen>(value).udiag_wqueue;
            return;
        case UNIX_DIAG_MEMINFO:
            return read_memory(value, info);
        case UNIX_DIAG_SHUTDOWN:
            info.shutdown = take_struct<uint8_t>(value);
            return;
        default:
            return;
    }
}

}  // namespace

UnixSocketInfo parse_unix_diag(Bytes message) {
    auto head = take_struct<unix_diag_msg>(message);
    UnixSocketInfo info;
    info.ino = head.udiag_ino;
    info.type = head.udiag_type;
    info.state = head.udiag_state;
    for_each_attribute(message.subspan(sizeof head),
                       [&](int type, Bytes value) { read_attribute(type, value, info); });
    return info;
}

std::vector<UnixSocketInfo> read_unix_sockets() {
    unix_diag_req request{};
    request.sdiag_family = AF_UNIX;
    request.udiag_states = ~0U;
    request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS | UDIAG_SHOW_PEER | UDIAG_SHOW_ICONS |
                         UDIAG_SHOW_RQLEN | UDIAG_SHOW_MEMINFO;
    return sock_diag(request, parse_unix_diag);
}

}  // namespace crtool::net
