// The loopback device as a place to which a packet socket sends.
#pragma once

#include <cstdint>
#include <string>

namespace crtool::net {

// A frame's kind that nobody speaks: IEEE's number for local experiments.
inline constexpr uint16_t kPrivateProtocol = 0x88b5;

// struct sockaddr_ll. Throws Error where there is no such device.
std::string loopback_name(uint16_t protocol);

}  // namespace crtool::net
