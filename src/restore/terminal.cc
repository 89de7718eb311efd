// Terminals: see proto/terminal.proto. The coordinator has made them all (terminal_make.h).
#include "restore/terminal.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include "base/error.h"

namespace crtool::restore {

parasite::Ref make_terminal(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                            int) {
    const auto& made = build.files.service().terminals;
    if (auto at = made.find(file.id()); at != made.end())
        return build.script.call("duplicate it", SYS_fcntl,
                                 {at->second, cloexec ? F_DUPFD_CLOEXEC : F_DUPFD, 0});
    // Of a shell job, or of one that the restore was given.
    if (file.terminal().controlling())
        return open_path(build, "/dev/tty", By::name, file, cloexec);
    int fd = build.files.service().terminal;
    if (fd < 0)
        fail(Errc::unsupported,
             "the image has a terminal ({}), and crtool stands on none; run the "
             "restore from a terminal",
             file.terminal().path());
    return open_path(build, descriptor_path(fd), By::descriptor, file, cloexec);
}

void fill_terminal(const FileBuild&, const image::OpenFile&, int) {}

}  // namespace crtool::restore
