// sock_diag(7): what the kernel tells of all sockets of a kind in the caller's network namespace.
#pragma once

#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include <span>
#include <type_traits>
#include <vector>

#include "net/netlink.h"

namespace crtool::net {

// `request`: the structure of the family. `parse` makes the element of one answer, without its
// nlmsghdr.
template <typename Request, typename Parse>
auto sock_diag(const Request& request, Parse parse) {
    std::vector<std::invoke_result_t<Parse, Bytes>> sockets;
    NetlinkSocket(NETLINK_SOCK_DIAG)
        .dump(SOCK_DIAG_BY_FAMILY, std::as_bytes(std::span(&request, 1)),
              [&](Bytes answer) { sockets.push_back(parse(answer)); });
    return sockets;
}

}  // namespace crtool::net
