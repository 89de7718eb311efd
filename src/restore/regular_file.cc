// Files that are opened by name: see proto/regular_file.proto.
#include "restore/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace crtool::restore {

namespace {

// The coordinator made the file by this very open file (contents.cc).
bool is_maker(const FileBuild& build, const image::OpenFile& file) {
    return was_never_named(file) && build.files.described_by(file.regular().content()) == &file;
}

}  // namespace

parasite::Ref make_regular_file(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                                int) {
    const image::RegularFile& regular = file.regular();
    if (regular.of_dead_task())
        return take_made(build, file, cloexec);
    if (!regular.deleted())
        return open_path(build, build.files.path_of(regular), By::name, file, cloexec);
    const ServiceFds& service = build.files.service();
    if (is_maker(build, file))
        return take_held(build, service.contents.at(regular.content()), cloexec);
    int fd = S_ISDIR(regular.mode()) ? service.directories.at(file.id())
                                     : service.contents.at(regular.content());
    return open_path(build, held_path(build, fd), By::descriptor, file, cloexec);
}

void fill_regular_file(const FileBuild& build, const image::OpenFile& file, int fd) {
    uint32_t type = file.regular().mode() & S_IFMT;
    if (is_maker(build, file))
        set_status(build, file, fd);
    // Nothing is to be had of a dead task at any position.
    if ((file.flags() & O_PATH) != 0 || file.pos() == 0 || file.regular().of_dead_task())
        return;
    if (type == S_IFREG || type == S_IFDIR || type == S_IFBLK)
        set_position(build, file, fd);
    else  // Devices have no position, or one that is nobody's business (/dev/urandom).
        build.script.call("set its position", SYS_lseek, {fd, file.pos(), SEEK_SET},
                          parasite::kAny);
}

}  // namespace crtool::restore
