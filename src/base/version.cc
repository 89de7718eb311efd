// See version.h. CRTOOL_VERSION is defined for this file alone.
#include "base/version.h"

namespace crtool {

const char* version() {
    return CRTOOL_VERSION;
}

}  // namespace crtool
