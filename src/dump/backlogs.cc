// See backlogs.h.
#include "dump/backlogs.h"

#include <netinet/tcp.h>

#include <algorithm>

#include "net/inet_diag.h"

namespace crtool::dump {

void Backlogs::look() {
    before_.clear();
    for (const net::TcpSocket& listener : net::tcp_sockets(1U << TCP_LISTEN))
        if (listener.waiting != 0)
            before_[listener.ino] = listener.waiting;
    has_looked_ = true;
}

unsigned Backlogs::waited(uint64_t ino, unsigned now) const {
    if (!has_looked_)
        return now;
    auto at = before_.find(ino);
    return at == before_.end() ? 0 : std::min(at->second, now);
}

}  // namespace crtool::dump
