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

// Raises a soft limit of the calling process, or all of them, to the hard one.
void raise_own_limit(int which);
void raise_own_limits();

}  // namespace crtool::sys
