// See inet_diag.h.
#include "net/inet_diag.h"

#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>

#include "net/sock_diag.h"

namespace crtool::net {

namespace {

Endpoint endpoint(int family, const void* address, uint16_t port, uint32_t interface) {
    Endpoint result;
    if (family == AF_INET6) {
        std::memcpy(result.address.data(), address, 16);
    } else {
        result.address[10] = result.address[11] = 0xff;
        std::memcpy(&result.address[12], address, 4);
    }
    result.port = ntohs(port);
    result.scope = interface;
    return result;
}

}  // namespace

TcpSocket parse_inet_diag(Bytes message) {
    auto head = take_struct<inet_diag_msg>(message);
    const inet_diag_sockid& id = head.id;
    return {.ino = head.idiag_inode,
            .state = head.idiag_state,
            .local = endpoint(head.idiag_family, id.idiag_src, id.idiag_sport, id.idiag_if),
            .remote = endpoint(head.idiag_family, id.idiag_dst, id.idiag_dport, id.idiag_if),
            .waiting = head.idiag_state == TCP_LISTEN ? head.idiag_rqueue : 0};
}

std::vector<TcpSocket> tcp_sockets(uint32_t states) {
    std::vector<TcpSocket> result;
    for (uint8_t family : {AF_INET, AF_INET6}) {
        inet_diag_req_v2 request{};
        request.sdiag_family = family;
        request.sdiag_protocol = IPPROTO_TCP;
        request.idiag_states = states;
        std::ranges::move(sock_diag(request, parse_inet_diag), std::back_inserter(result));
    }
    return result;
}

}  // namespace crtool::net
