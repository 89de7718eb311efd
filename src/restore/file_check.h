// Looks, before anything is made, at the files that a restore will open by name.
#pragma once

#include "image/image.h"
#include "restore/files.h"
#include "restore/options.h"

namespace crtool::restore {

// Throws a system Error that names the file and what has changed: type, permission bits, device
// number, and what --file-validation asks for (options.h).
void check_names(const image::Image& image, const Options& options, const Files& files);

}  // namespace crtool::restore
