// The command line as a whole.
#pragma once

namespace crtool::cli {

// Parses and carries out; returns the exit status of the program. Never throws.
int run(int argc, char** argv);

}  // namespace crtool::cli
