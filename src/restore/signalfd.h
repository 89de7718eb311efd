// signalfd(2): see proto/signalfd.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

parasite::Ref make_signalfd(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                            int end);
void fill_signalfd(const FileBuild& build, const image::OpenFile& file, int fd);

inline constexpr RestoreKind kSignalfd = {image::Kind::signalfd, "signalfd", make_signalfd,
                                          fill_signalfd};

}  // namespace crtool::restore
