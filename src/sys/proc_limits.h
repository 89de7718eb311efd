// Limits of resources. /proc/PID/limits: another task's limits without the CAP_SYS_RESOURCE that
// prlimit(2) asks for.
#pragma once

#include <sys/resource.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace crtool::sys {

struct Limit {
    uint64_t soft = RLIM_INFINITY;
    uint64_t hard = RLIM_INFINITY;

    bool operator==(const Limit&) const = default;
};

// Indexed by RLIMIT_*; "unlimited" is RLIM_INFINITY.
using Limits = std::array<Limit, RLIM_NLIMITS>;

// Throws Errc::internal when one of the sixteen is missing, or on a limit that is not known.
Limits parse_limits(std::string_view text);

// Raises the soft limits of the calling process to the hard ones.
void raise_own_limits();

}  // namespace crtool::sys
