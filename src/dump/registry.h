// The kinds of open files that a dump carries, by image::Kind.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

// The kind that `probe` is; nullptr when it is none that can be carried.
const DumpKind* find_kind(const FdProbe& probe);

}  // namespace crtool::dump
