// See inet_options.h.
#include "restore/inet_options.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "restore/own_socket.h"
#include "sys/inet_calls.h"
#include "sys/socket_calls.h"

namespace crtool::restore {
namespace {

// Of buffers while queues are filled.
constexpr size_t kOverhead = 4;  // memory for each byte of small pieces, generously
constexpr size_t kLeast = 1 << 20;
constexpr size_t kMost = 1 << 29;

bool is_reuse_address(const image::InetOption& option) {
    return option.level() == SOL_SOCKET && option.name() == SO_REUSEADDR;
}

}  // namespace

void set_options(const image::InetSocket& socket, int fd, net::OptionTime time) {
    bool is_stream = socket.type() == SOCK_STREAM;
    for (const image::InetOption& option : socket.options()) {
        auto level = static_cast<int>(option.level());
        auto name = static_cast<int>(option.name());
        if (net::time_of(level, name) == time && !(is_stream && is_reuse_address(option)))
            sys::set_option(fd, level, name, option.value());
    }
}

void set_great_buffers(const image::InetSocket& socket, int fd) {
    auto room = [](size_t bytes) {
        return static_cast<uint32_t>(std::clamp(bytes * kOverhead, kLeast, kMost));
    };
    size_t datagrams = 0;
    for (const image::Datagram& datagram : socket.datagrams())
        datagrams += datagram.data().size() + 1024;
    if (datagrams + socket.tcp().unread().size() > 0)
        set_buffer(fd, SO_RCVBUFFORCE, room(datagrams + socket.tcp().unread().size()));
    if (!socket.tcp().unacked().empty())
        set_buffer(fd, SO_SNDBUFFORCE, room(socket.tcp().unacked().size()));
}

void set_last_options(const image::InetSocket& socket, int fd) {
    if (socket.sndbuf() != 0)
        set_buffer(fd, SO_SNDBUFFORCE, socket.sndbuf());
    if (socket.rcvbuf() != 0)
        set_buffer(fd, SO_RCVBUFFORCE, socket.rcvbuf());
    if (socket.type() == SOCK_STREAM) {
        bool reuse = std::ranges::any_of(socket.options(), is_reuse_address);
        sys::set_socket_option(fd, SOL_SOCKET, SO_REUSEADDR, reuse ? 1 : 0);
    }
    auto lock = static_cast<int>(socket.buffer_lock());
    if (sys::socket_option_int(fd, SOL_SOCKET, SO_BUF_LOCK).value_or(lock) != lock)
        sys::set_socket_option(fd, SOL_SOCKET, SO_BUF_LOCK, lock);
    if (!socket.filter().empty())
        attach_filter(fd, socket.filter());
    set_options(socket, fd, net::OptionTime::last);
}

}  // namespace crtool::restore
