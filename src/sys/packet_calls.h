// Calls on packet sockets.
#pragma once

#include <string_view>

namespace crtool::sys {

// send(2) without data, which makes the kernel take frames from the ring (PACKET_TX_RING). What
// has become of them is told by their status, so errors are not. Without `wait` it does not wait
// for what is under way.
void send_ring(int fd, std::string_view address, bool wait);

}  // namespace crtool::sys
