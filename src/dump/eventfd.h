// eventfd(2): see proto/eventfd.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_eventfd(const FdProbe& probe);
void dump_eventfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kEventfd = {image::Kind::eventfd, matches_eventfd, dump_eventfd};

}  // namespace crtool::dump
