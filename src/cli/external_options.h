// Values of --external and --inherit-fd: pure functions on text.
#pragma once

#include <string_view>

#include "dump/options.h"
#include "restore/options.h"

namespace crtool::cli {

// "file[MOUNT:INODE]", "tty[RDEV:DEV]" (hexadecimal), "pipe[INODE]", "socket[INODE]",
// "unix[INODE]", each perhaps with ":KEY", or "fd[PID:N]=KEY". Throws Errc::usage.
dump::ExternalName parse_external(std::string_view text);

// "fd[N]:NAME". Throws Errc::usage.
restore::InheritedFd parse_inherit_fd(std::string_view text);

}  // namespace crtool::cli
