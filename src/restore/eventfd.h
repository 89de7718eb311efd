// eventfd(2): see proto/eventfd.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

parasite::Ref make_eventfd(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                           int end);
void fill_eventfd(const FileBuild& build, const image::OpenFile& file, int fd);

inline constexpr RestoreKind kEventfd = {image::Kind::eventfd, "eventfd", make_eventfd,
                                         fill_eventfd};

}  // namespace crtool::restore
