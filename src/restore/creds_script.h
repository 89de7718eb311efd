// Credentials of a thread. See proto/creds.proto.
#pragma once

#include "restore/context.h"

namespace crtool::restore {

// They differ from what crtool itself has, and a restored task would inherit.
bool creds_differ(const OwnState& own, const image::Creds& creds);
// Near the very end: afterwards the thread may have no power over anything any more.
void emit_creds(TaskBuild& build, const image::Creds& creds);

}  // namespace crtool::restore
