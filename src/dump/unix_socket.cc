// Unix sockets: see proto/unix_socket.proto. What sock_diag tells of them is in unix_set.h.
#include "dump/unix_socket.h"

#include <sys/socket.h>

#include "sys/socket_calls.h"

namespace crtool::dump {

bool matches_unix_socket(const FdProbe& probe) {
    return S_ISSOCK(probe.st.st_mode) && !probe.is_path() &&
           sys::socket_domain(probe.fd) == AF_UNIX;
}

void dump_unix_socket(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    visit.sockets.add(probe, file, visit.problems);
}

}  // namespace crtool::dump
