// Files in /proc/PID/ns: see proto/namespace_file.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_namespace_file(const FdProbe& probe);
void dump_namespace_file(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kNamespaceFile = {image::Kind::namespace_file, matches_namespace_file,
                                            dump_namespace_file};

}  // namespace crtool::dump
