// Files in /proc/PID/ns: see proto/namespace_file.proto.
#include "restore/namespace_file.h"

namespace crtool::restore {

parasite::Ref make_namespace_file(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                                  int) {
    return open_path(build, "/proc/self/ns/" + file.namespace_file().name(), By::descriptor, file,
                     cloexec);
}

}  // namespace crtool::restore
