// What a finished dump or restore tells: a few lines for people, or one JSON object.
#pragma once

#include "cli/common_options.h"
#include "dump/dump.h"
#include "restore/restore.h"

namespace crtool::cli {

// Prints what --display-stats and --json ask for, to stdout; nothing without them.
void print_result(const dump::Result& result, const CommonOptions& options);
void print_result(const restore::Result& result, const CommonOptions& options);

}  // namespace crtool::cli
