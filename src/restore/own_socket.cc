// See own_socket.h.
#include "restore/own_socket.h"

#include <linux/filter.h>
#include <sys/socket.h>

#include "net/socket_options.h"
#include "sys/file_make.h"
#include "sys/inet_calls.h"
#include "sys/socket_calls.h"

namespace crtool::restore {

// The kernel doubles what it is given.
void set_buffer(int fd, int name, uint32_t size) {
    sys::set_socket_option(fd, SOL_SOCKET, name, static_cast<int>(size / 2));
}

void attach_filter(int fd, const std::string& program) {
    // The kernel copies the program and does not write to it.
    sock_fprog filter = {static_cast<unsigned short>(program.size() / sizeof(sock_filter)),
                         reinterpret_cast<sock_filter*>(const_cast<char*>(program.data()))};
    sys::set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER,
                    {reinterpret_cast<const char*>(&filter), sizeof filter});
}

void set_socket_options(int fd, const image::SocketOptions& options) {
    net::BufferSizes usual = net::default_buffer_sizes();
    if (options.sndbuf() != usual.sndbuf)
        set_buffer(fd, SO_SNDBUFFORCE, options.sndbuf());
    if (options.rcvbuf() != usual.rcvbuf)
        set_buffer(fd, SO_RCVBUFFORCE, options.rcvbuf());
    if (!options.filter().empty())
        attach_filter(fd, options.filter());
    for (const image::SocketOption& option : options.options())
        sys::set_option(fd, SOL_SOCKET, static_cast<int>(option.name()), option.value());
    sys::set_owner(fd, options.uid(), options.gid());
}

}  // namespace crtool::restore
