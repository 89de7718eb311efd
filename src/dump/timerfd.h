// timerfd_create(2): see proto/timerfd.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_timerfd(const FdProbe& probe);
void dump_timerfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kTimerfd = {image::Kind::timerfd, matches_timerfd, dump_timerfd};

}  // namespace crtool::dump
