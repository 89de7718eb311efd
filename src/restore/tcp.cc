// See tcp.h.
#include "restore/tcp.h"

#include <algorithm>
#include <cstring>

namespace crtool::restore {

net::TcpConnection connection_of(const image::InetSocket& socket) {
    const image::TcpConnection& from = socket.tcp();
    net::TcpConnection to;
    to.state = static_cast<uint8_t>(socket.state());
    to.send_seq = from.send_seq();
    to.receive_seq = from.receive_seq();
    to.unacked = from.unacked();
    to.unsent = from.unsent();
    to.unread = from.unread();
    to.fin_received = from.fin_received();
    to.mss = from.mss();
    to.has_window_scale = from.has_window_scale();
    to.send_scale = static_cast<uint8_t>(from.send_scale());
    to.receive_scale = static_cast<uint8_t>(from.receive_scale());
    to.sack = from.sack();
    to.timestamps = from.timestamps();
    to.timestamp = from.timestamp();
    if (from.has_urgent())
        to.urgent = {from.urgent().read() ? net::Urgent::State::read : net::Urgent::State::unread,
                     from.urgent().at()};
    std::memcpy(&to.window, from.window().data(), std::min(sizeof to.window, from.window().size()));
    return to;
}

}  // namespace crtool::restore
