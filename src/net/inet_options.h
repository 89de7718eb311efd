// Options of internet sockets that can be read and set again, on every level: see
// proto/inet_socket.proto. Knows nothing of images.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace crtool::net {

struct InetOption {
    int level = 0;
    int name = 0;
    std::string value;

    bool operator==(const InetOption&) const = default;
};

// When a restore sets it.
enum class OptionTime {
    before_bind,  // bind(2) and connect(2) go by it
    connected,    // any time after
    last,         // it changes what the restore itself does with the socket
};

// Whether a socket has a connection or had one, as some options then tell what was agreed on, or
// what the kernel has tuned, and not what a program has set.
enum class Connection { no, yes };

// In the order of setting. Only those that the kernel can tell for this socket.
std::vector<InetOption> read_inet_options(int fd, Connection connection);
// Those of `options` that `usual` has not or has otherwise.
std::vector<InetOption> different_options(const std::vector<InetOption>& options,
                                          const std::vector<InetOption>& usual);

// Whether setsockopt(2) of a restore takes it: it is listed, and its value has a fitting size.
bool is_inet_option(int level, int name, size_t size);
// Of one that is listed.
OptionTime time_of(int level, int name);

}  // namespace crtool::net
