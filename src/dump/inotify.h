// inotify(2): see proto/inotify.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_inotify(const FdProbe& probe);
void dump_inotify(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kInotify = {image::Kind::inotify, matches_inotify, dump_inotify};

}  // namespace crtool::dump
