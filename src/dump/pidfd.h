// pidfd(2): see proto/pidfd.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_pidfd(const FdProbe& probe);
void dump_pidfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kPidfd = {image::Kind::pidfd, matches_pidfd, dump_pidfd};

}  // namespace crtool::dump
