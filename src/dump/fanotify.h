// fanotify(2): see proto/fanotify.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_fanotify(const FdProbe& probe);
void dump_fanotify(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kFanotify = {image::Kind::fanotify, matches_fanotify, dump_fanotify};

}  // namespace crtool::dump
