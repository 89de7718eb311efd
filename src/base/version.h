// The version of crtool, as the build knows it.
#pragma once

namespace crtool {

// "0.1.0"
const char* version();

}  // namespace crtool
