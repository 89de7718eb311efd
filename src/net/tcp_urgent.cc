// See tcp_urgent.h. What the kernel does stands in net/ipv4/tcp.c (tcp_inq, tcp_recv_urg,
// tcp_recvmsg_locked).
#include "net/tcp_urgent.h"

#include <sys/socket.h>

#include "base/error.h"
#include "base/log.h"
#include "sys/inet_calls.h"
#include "sys/notify_calls.h"
#include "sys/socket_calls.h"

namespace crtool::net {

InLine::InLine(int fd)
    : fd_(fd), before_(sys::socket_option_int(fd, SOL_SOCKET, SO_OOBINLINE).value_or(0)) {
    if (before_ == 0)
        sys::set_socket_option(fd_, SOL_SOCKET, SO_OOBINLINE, 1);
}

InLine::~InLine() {
    try {
        sys::set_socket_option(fd_, SOL_SOCKET, SO_OOBINLINE, before_);
    } catch (const Error& error) {
        log::warn("{}", error.what());
    }
}

// Only out of line FIONREAD ends at a mark that is before the end, and MSG_OOB tells of the byte.
Urgent InLine::read_urgent() const {
    int all = sys::unread_bytes(fd_);
    sys::set_socket_option(fd_, SOL_SOCKET, SO_OOBINLINE, 0);
    int before_mark = sys::unread_bytes(fd_);
    sys::UrgentByte byte = sys::peek_urgent_byte(fd_);
    sys::set_socket_option(fd_, SOL_SOCKET, SO_OOBINLINE, 1);
    if (before_mark < all)
        return {byte == sys::UrgentByte::unread ? Urgent::State::unread : Urgent::State::read,
                static_cast<uint32_t>(before_mark)};
    // An urgent byte that can be read, but is not in the stream, has overtaken what is before it.
    return {byte == sys::UrgentByte::none ? Urgent::State::none : Urgent::State::awaited, 0};
}

}  // namespace crtool::net
