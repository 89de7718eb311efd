// The kinds of open files that a restore makes, by image::Kind.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

const RestoreKind& restore_kind(const image::OpenFile& file);

}  // namespace crtool::restore
