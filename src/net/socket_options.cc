// See socket_options.h. What is of one family only (TCP_*, IP_*) is that family's.
#include "net/socket_options.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "sys/socket_calls.h"
#include "sys/uapi_compat.h"

namespace crtool::net {
namespace {

struct Row {
    int name;
    int value = 0;  // of a new socket; for structures all bytes are 0
    size_t size = sizeof(int);
};

constexpr std::array kRows = {
    Row{SO_REUSEADDR},
    Row{SO_KEEPALIVE},
    Row{SO_BROADCAST},
    Row{SO_DONTROUTE},
    Row{SO_OOBINLINE},
    Row{SO_PRIORITY},
    Row{SO_MARK},
    Row{SO_RCVLOWAT, 1},
    Row{SO_PASSCRED},
    Row{SO_PASSSEC},
    Row{SO_PASSPIDFD},
    Row{SO_PASSRIGHTS, 1},
    Row{SO_TIMESTAMP},
    Row{SO_TIMESTAMPNS},
    Row{SO_RXQ_OVFL},
    Row{SO_PEEK_OFF, -1},
    Row{SO_LINGER, 0, sizeof(linger)},
    Row{SO_RCVTIMEO, 0, sizeof(timeval)},
    Row{SO_SNDTIMEO, 0, sizeof(timeval)},
    Row{SO_TIMESTAMPING_OLD, 0, 2 * sizeof(int)},
    Row{SO_TIMESTAMPING_NEW, 0, 2 * sizeof(int)},
    Row{SO_SELECT_ERR_QUEUE},
    Row{SO_TXTIME, 0, 2 * sizeof(int)},
    Row{SO_NOFCS},
    Row{SO_LOCK_FILTER},
};

bool is_default(const Row& row, const std::string& value) {
    std::string wanted(row.size, '\0');
    if (row.size == sizeof(int))
        std::memcpy(wanted.data(), &row.value, sizeof(int));
    return value == wanted;
}

uint32_t read_sysctl(const char* path) {
    return static_cast<uint32_t>(std::stoul(sys::read_file_at(-1, path)));
}

}  // namespace

std::vector<SocketOption> read_socket_options(int fd) {
    std::vector<SocketOption> options;
    for (const Row& row : kRows) {
        auto value = sys::socket_option(fd, SOL_SOCKET, row.name, row.size);
        if (value && !is_default(row, *value))
            options.push_back({row.name, std::move(*value)});
    }
    return options;
}

bool is_socket_option(int name, size_t size) {
    auto row = std::ranges::find(kRows, name, &Row::name);
    return row != kRows.end() && row->size == size;
}

BufferSizes default_buffer_sizes() {
    return {read_sysctl("/proc/sys/net/core/wmem_default"),
            read_sysctl("/proc/sys/net/core/rmem_default")};
}

}  // namespace crtool::net
