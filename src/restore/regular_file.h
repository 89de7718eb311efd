// Files that are opened by name: see proto/regular_file.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

parasite::Ref make_regular_file(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                                int end);
void fill_regular_file(const FileBuild& build, const image::OpenFile& file, int fd);

inline constexpr RestoreKind kRegularFile = {image::Kind::regular, "file", make_regular_file,
                                             fill_regular_file};

}  // namespace crtool::restore
