// Files in /proc/PID/ns: see proto/namespace_file.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

parasite::Ref make_namespace_file(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                                  int end);

inline constexpr RestoreKind kNamespaceFile = {
    .kind = image::Kind::namespace_file, .name = "namespace", .make = make_namespace_file};

}  // namespace crtool::restore
