// Everything that a restore relies on, checked before it makes the first task.
//
// An image is input from outside: digests tell damage, not intent. After validate() every id that a
// record names exists, every number that goes into a system call, an index or a loop is within the
// range that the code takes for granted, and nothing overlaps that must not. What only the kernel
// can judge (is the pid free, does the file exist) is left to the restore.
#pragma once

#include "image/image.h"

namespace crtool::image {

// Throws bad_image; the message names the record and what is wrong with it. Costs a few nanoseconds
// per area, descriptor and run.
void validate(const Image& image);

}  // namespace crtool::image
