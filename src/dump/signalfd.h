// signalfd(2): see proto/signalfd.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_signalfd(const FdProbe& probe);
void dump_signalfd(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kSignalfd = {image::Kind::signalfd, matches_signalfd, dump_signalfd};

}  // namespace crtool::dump
