// Values as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crtool {

// "2026-11-21 07:31:02 +0000": nanoseconds since 1970, in local time.
std::string time_text(uint64_t ns);
std::string hex_text(std::string_view bytes);

}  // namespace crtool
