// See inet_socket.h.
#include "restore/inet_socket.h"

namespace crtool::restore {

parasite::Ref make_inet_socket(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                               int) {
    return take_held(build, build.files.service().inet.at(file.id()), cloexec);
}

void fill_inet_socket(const FileBuild& build, const image::OpenFile& file, int fd) {
    set_status(build, file, fd);
}

}  // namespace crtool::restore
