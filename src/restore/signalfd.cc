// signalfd(2): see proto/signalfd.proto.
#include "restore/signalfd.h"

#include <sys/signalfd.h>
#include <sys/syscall.h>

#include "parasite/kernel_signals.h"

namespace crtool::restore {

parasite::Ref make_signalfd(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                            int) {
    uint64_t mask = build.script.arena().put<uint64_t>(file.signalfd().mask());
    return build.script.call("make it", SYS_signalfd4,
                             {-1, mask, parasite::kKernelSigsetBytes, cloexec ? SFD_CLOEXEC : 0});
}

void fill_signalfd(const FileBuild& build, const image::OpenFile& file, int fd) {
    set_status(build, file, fd);
}

}  // namespace crtool::restore
