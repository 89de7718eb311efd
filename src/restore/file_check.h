// Looks, before anything is made, at the files that a restore will open by name.
#pragma once

#include "image/image.h"
#include "restore/files.h"
#include "restore/options.h"

namespace crtool::restore {

// Throws a system Error that names the file and what has changed: type, permission bits, device
// number, size. A file may have grown since; a mapped program may not, and must have its build id.
void check_names(const image::Image& image, const Options& options, const Files& files);

}  // namespace crtool::restore
