// A netlink socket (netlink(7)) over libnl: questions whose answer is a list, and the attributes in
// the answers. Knows nothing of any family; what a message means is its caller's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>

#include "base/error.h"

struct nl_sock;

namespace crtool::net {

using Bytes = std::span<const std::byte>;

class NetlinkSocket {
  public:
    // `protocol`: NETLINK_SOCK_DIAG and the like; the socket is of the caller's network namespace.
    explicit NetlinkSocket(int protocol);

    // Sends `request` (what follows nlmsghdr) with NLM_F_DUMP, and calls `each` with what follows
    // nlmsghdr in every answer. Asks again when the kernel says that its list changed meanwhile.
    void dump(int type, Bytes request, const std::function<void(Bytes)>& each);

    // Asks for a change and waits for it; `what` completes "cannot …". False: what should be new is
    // there already (EEXIST).
    bool change(const char* what, int type, int flags, Bytes request);

    // NETLINK_GET_STRICT_CHK, kernel ≥ 4.20: the kernel picks by what stands in a request.
    void be_strict();

  private:
    struct Free {
        void operator()(nl_sock* socket) const;
    };

    std::unique_ptr<nl_sock, Free> socket_;
};

// One attribute after the other (struct nlattr); what is cut off is left out.
void for_each_attribute(Bytes attributes, const std::function<void(int type, Bytes value)>& each);

// The front of `bytes` as a structure of the kernel's. Throws internal when it is too short.
template <typename T>
T take_struct(Bytes bytes) {
    T value{};
    if (bytes.size() < sizeof value)
        fail(Errc::internal, "a netlink message of {} bytes is too short", bytes.size());
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

}  // namespace crtool::net
