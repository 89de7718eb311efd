// See socket_options.h.
#include "dump/socket_options.h"

#include "net/socket_options.h"
#include "sys/socket_calls.h"

namespace crtool::dump {

void record_socket_options(const FdProbe& probe, image::SocketOptions& record) {
    for (net::SocketOption& option : net::read_socket_options(probe.fd)) {
        image::SocketOption& added = *record.add_options();
        added.set_name(static_cast<uint32_t>(option.name));
        added.set_value(std::move(option.value));
    }
    record.set_filter(sys::socket_filter(probe.fd));
    record.set_uid(probe.st.st_uid);
    record.set_gid(probe.st.st_gid);
}

}  // namespace crtool::dump
