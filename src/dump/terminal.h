// Terminals: see proto/terminal.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

// Also one that was hung up and answers no question any more.
bool matches_terminal(const FdProbe& probe);
void dump_terminal(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kTerminal = {image::Kind::terminal, matches_terminal, dump_terminal};

}  // namespace crtool::dump
