// Packets that the kernel gets to hear in the name of somebody else: a FIN that must come once
// more, datagrams that had arrived. Made here, and given to the loopback device by a raw socket:
// what comes from there is not asked for its way (the kernel keeps the route that it was sent by).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/endpoint.h"
#include "sys/fd.h"

namespace crtool::net {

inline constexpr uint8_t kTcpFin = 0x01;
inline constexpr uint8_t kTcpRst = 0x04;
inline constexpr uint8_t kTcpAck = 0x10;
inline constexpr uint8_t kTcpUrg = 0x20;

// With IP header and checksums. Both ends must be of one family. `window` as the header has it.
// With kTcpUrg the first byte of `data` is urgent.
std::string tcp_packet(const Endpoint& from, const Endpoint& to, uint32_t seq, uint32_t ack,
                       uint8_t flags, uint16_t window, std::string_view data = {});
// `protocol`: IPPROTO_UDP or IPPROTO_UDPLITE.
std::string udp_packet(const Endpoint& from, const Endpoint& to, std::string_view data,
                       uint8_t protocol);

// The mark (SO_MARK) of such packets, which net_lock.h lets through.
inline constexpr uint32_t kPacketMark = 0x63727401;

class PacketSender {
  public:
    // `to` must be an address of this machine, and no multicast one.
    void send(const Endpoint& to, std::string_view packet);

  private:
    sys::UniqueFd v4_;
    sys::UniqueFd v6_;
};

}  // namespace crtool::net
