// Files that are opened by name: see proto/regular_file.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

// True when `name` leads to the very file of the probe.
bool names_this(std::string_view name, const FdProbe& probe);

bool matches_regular_file(const FdProbe& probe);
void dump_regular_file(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kRegularFile = {image::Kind::regular, matches_regular_file,
                                          dump_regular_file};

}  // namespace crtool::dump
