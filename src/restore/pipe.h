// Pipes: see proto/pipe.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

// Makes the pipe, which the kernel puts at `read` and `write`, with its size and content.
parasite::Ref make_both_ends(const FileBuild& build, const image::Pipe& pipe, int read, int write,
                             bool cloexec);

// Opens a named FIFO for both directions, as `fd`, and gives it its size and content.
parasite::Ref make_fifo(const FileBuild& build, const image::Pipe& pipe, int fd);

// One more open file of the pipe that descriptor `end` belongs to; −1: a reader of a named FIFO,
// by its name.
parasite::Ref make_pipe(const FileBuild& build, const image::OpenFile& file, bool cloexec, int end);
void fill_pipe(const FileBuild& build, const image::OpenFile& file, int fd);

inline constexpr RestoreKind kPipe = {image::Kind::pipe, "pipe", make_pipe, fill_pipe};

}  // namespace crtool::restore
