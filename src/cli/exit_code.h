// The exit status of crtool: documented in crtool(1), asserted by tests.
#pragma once

#include "base/error.h"

namespace crtool::cli {

enum ExitCode : int {
    kExitOk = 0,
    kExitFailed = 1,     // the kernel refused something, or crtool is at fault
    kExitUsage = 2,      // the command line cannot be carried out
    kExitRefused = 3,    // something in the tree or the image cannot be carried
    kExitBadImage = 4,   // damaged, incomplete, or not for this machine
    kExitGone = 5,       // the tree, or something it needs, is not there (any more)
    kExitCancelled = 6,  // by a signal
};

constexpr ExitCode exit_code(Errc code) {
    switch (code) {
        case Errc::usage:
            return kExitUsage;
        case Errc::unsupported:
        case Errc::busy:
            return kExitRefused;
        case Errc::bad_image:
            return kExitBadImage;
        case Errc::gone:
            return kExitGone;
        case Errc::cancelled:
            return kExitCancelled;
        case Errc::system:
        case Errc::internal:
            break;
    }
    return kExitFailed;
}

}  // namespace crtool::cli
