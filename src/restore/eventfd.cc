// eventfd(2): see proto/eventfd.proto.
#include "restore/eventfd.h"

#include <sys/eventfd.h>
#include <sys/syscall.h>

namespace crtool::restore {

parasite::Ref make_eventfd(const FileBuild& build, const image::OpenFile& file, bool cloexec, int) {
    uint32_t flags = (file.eventfd().semaphore() ? EFD_SEMAPHORE : 0) | (cloexec ? EFD_CLOEXEC : 0);
    return build.script.call("make it", SYS_eventfd2, {0, flags});
}

void fill_eventfd(const FileBuild& build, const image::OpenFile& file, int fd) {
    uint64_t counter = file.eventfd().counter();
    if (counter != 0) {
        uint64_t value = build.script.arena().put(counter);
        build.script.call("write its counter", SYS_write, {fd, value, sizeof(counter)},
                          parasite::kExact);
    }
    set_status(build, file, fd);
}

}  // namespace crtool::restore
