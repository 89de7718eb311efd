// memfd_create(2): see proto/memfd.proto. The coordinator makes the file (contents.h); every open
// file of it is a new open through /proc.
#include "restore/memfd.h"

namespace crtool::restore {

parasite::Ref make_memfd(const FileBuild& build, const image::OpenFile& file, bool cloexec, int) {
    int fd = build.files.service().contents.at(file.memfd().content());
    return open_path(build, held_path(build, fd), By::descriptor, file, cloexec);
}

void fill_memfd(const FileBuild& build, const image::OpenFile& file, int fd) {
    set_position(build, file, fd);
}

}  // namespace crtool::restore
