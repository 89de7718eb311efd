// memfd_create(2): see proto/memfd.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

parasite::Ref make_memfd(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                         int end);
void fill_memfd(const FileBuild& build, const image::OpenFile& file, int fd);

inline constexpr RestoreKind kMemfd = {image::Kind::memfd, "memfd", make_memfd, fill_memfd};

}  // namespace crtool::restore
