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

// Of a new socket: all that the kernel can tell for its kind, in the order of setting.
std::vector<InetOption> read_inet_options(int fd);
// Those of a socket that are not as in `usual`, which are those of a new one of its family, type
// and protocol. Only these are asked for: what a kind has no option of, it has in no state (the
// errors that go by the state of a socket, such as ENOTCONN for IP_MTU, are of options not listed
// here).
std::vector<InetOption> read_changed_options(int fd, Connection connection,
                                             const std::vector<InetOption>& usual);

// Whether setsockopt(2) of a restore takes it: it is listed, and its value has a fitting size.
bool is_inet_option(int level, int name, size_t size);
// Of one that is listed.
OptionTime time_of(int level, int name);

}  // namespace crtool::net
