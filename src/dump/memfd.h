// memfd_create(2): see proto/memfd.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_memfd(const FdProbe& probe);
void dump_memfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kMemfd = {image::Kind::memfd, matches_memfd, dump_memfd};

}  // namespace crtool::dump
