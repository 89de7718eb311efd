// Numbers for the helpers of a restore.
#pragma once

#include "image/image.h"
#include "restore/pid_plan.h"

namespace crtool::restore {

// Gives every helper that may have any number one that no task, thread, group or session of the
// image has, and that nobody on this machine uses now: the next number that the kernel would choose
// could be one that the image needs a moment later.
void assign_helper_pids(const image::Image& image, PidPlan& plan);

}  // namespace crtool::restore
