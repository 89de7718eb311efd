// The code of the vdso that this process has from its kernel: what every task of it has.
#pragma once

#include <span>
#include <string>

#include "sys/proc_maps.h"

namespace crtool::sys {

// `areas`: those of the calling process. Empty when the kernel gives no vdso.
std::string own_vdso_text(std::span<const Area> areas);

}  // namespace crtool::sys
