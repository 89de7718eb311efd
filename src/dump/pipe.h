// Ends of pipes: see proto/pipe.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_pipe(const FdProbe& probe);
void dump_pipe(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kPipe = {image::Kind::pipe, matches_pipe, dump_pipe};

}  // namespace crtool::dump
