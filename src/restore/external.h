// What is taken from whoever started the restore: see proto/external.proto and inherit.h.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

inline constexpr RestoreKind kExternal = {image::Kind::external, "external object", take_made};

}  // namespace crtool::restore
