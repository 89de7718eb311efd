// timerfd_create(2): see proto/timerfd.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

parasite::Ref make_timerfd(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                           int end);
void fill_timerfd(const FileBuild& build, const image::OpenFile& file, int fd);

inline constexpr RestoreKind kTimerfd = {image::Kind::timerfd, "timerfd", make_timerfd,
                                         fill_timerfd};

}  // namespace crtool::restore
