// Options of the SOL_SOCKET level that can be read and set again: see proto/socket_options.proto.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace crtool::net {

struct SocketOption {
    int name = 0;
    std::string value;
};

// Those that differ from what a new socket has; sizes of buffers excepted.
std::vector<SocketOption> read_socket_options(int fd);

// Whether setsockopt(2) of a restore takes it: the name is known, the value has its size.
bool is_socket_option(int name, size_t size);

// What a new socket of this machine has: net.core.wmem_default and rmem_default.
struct BufferSizes {
    uint32_t sndbuf = 0;
    uint32_t rcvbuf = 0;
};

BufferSizes default_buffer_sizes();

}  // namespace crtool::net
