// To whom raw and ping sockets are connected, by /proc/net: getpeername(2) does not tell it when
// they are connected without a port, as they may be.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

#include "net/endpoint.h"

namespace crtool::net {

// By the inode of the socket; of the caller's network namespace.
std::map<uint64_t, Endpoint> raw_peers();

// Of the text of one of these files.
std::map<uint64_t, Endpoint> parse_raw_table(std::string_view text);

}  // namespace crtool::net
