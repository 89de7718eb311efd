// Terminals: see proto/terminal.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

parasite::Ref make_terminal(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                            int end);
void fill_terminal(const FileBuild& build, const image::OpenFile& file, int fd);

inline constexpr RestoreKind kTerminal = {image::Kind::terminal, "terminal", make_terminal,
                                          fill_terminal};

}  // namespace crtool::restore
