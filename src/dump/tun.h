// Tun and tap devices: see proto/tun.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_tun(const FdProbe& probe);
void dump_tun(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kTun = {image::Kind::tun, matches_tun, dump_tun};

}  // namespace crtool::dump
