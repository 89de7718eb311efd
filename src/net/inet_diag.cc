// See inet_diag.h.
#include "net/inet_diag.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace crtool::net {

Connecting parse_inet_diag(Bytes message) {
    auto head = take_struct<inet_diag_msg>(message);
    Connecting result;
    result.ino = head.idiag_inode;
    if (head.idiag_family == AF_INET6) {
        std::memcpy(result.remote.address.data(), head.id.idiag_dst, 16);
    } else {
        result.remote.address[10] = result.remote.address[11] = 0xff;
        std::memcpy(&result.remote.address[12], head.id.idiag_dst, 4);
    }
    result.remote.port = ntohs(head.id.idiag_dport);
    result.remote.scope = head.id.idiag_if;
    return result;
}

std::vector<Connecting> connecting_sockets() {
    std::vector<Connecting> result;
    NetlinkSocket socket(NETLINK_SOCK_DIAG);
    for (uint8_t family : {AF_INET, AF_INET6}) {
        inet_diag_req_v2 request{};
        request.sdiag_family = family;
        request.sdiag_protocol = IPPROTO_TCP;
        request.idiag_states = 1U << TCP_SYN_SENT;
        socket.dump(SOCK_DIAG_BY_FAMILY, std::as_bytes(std::span(&request, 1)),
                    [&](Bytes answer) { result.push_back(parse_inet_diag(answer)); });
    }
    return result;
}

}  // namespace crtool::net
