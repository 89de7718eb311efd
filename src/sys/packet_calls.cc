// See packet_calls.h.
#include "sys/packet_calls.h"

#include <sys/socket.h>

namespace crtool::sys {

void send_ring(int fd, std::string_view address, bool wait) {
    ssize_t ignored = ::sendto(fd, nullptr, 0, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT),
                               reinterpret_cast<const sockaddr*>(address.data()),
                               static_cast<socklen_t>(address.size()));
    static_cast<void>(ignored);
}

}  // namespace crtool::sys
