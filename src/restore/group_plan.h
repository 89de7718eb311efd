// Process groups: the part of plan_pids() that decides who leads and who joins when.
#pragma once

#include "restore/pid_plan.h"

namespace crtool::restore {

// Fills new_group, join_group and join_late of all nodes, and adds helpers that lead groups whose
// leader is gone until their members have joined.
void plan_groups(const image::Image& image, const PidPlanInput& input, PidPlan& plan);

}  // namespace crtool::restore
