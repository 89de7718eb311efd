// Inside of features.h: one table of probes per area, each probe a function that tries the thing.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sys/features.h"

namespace crtool::sys {

struct ProbeResult {
    bool works = false;
    std::string detail;
};

struct FeatureProbe {
    std::string_view name;
    std::string_view purpose;
    FeatureNeed need;
    ProbeResult (*probe)();  // may throw; that counts as missing
};

// Result of a call: it works when `ok`, else the errno value tells why.
ProbeResult probed(bool ok, int err);
// The same with the errno of the call that was just made.
ProbeResult probed(bool ok);

// The tables, in order of display.
std::span<const FeatureProbe> tracing_probes();
std::span<const FeatureProbe> process_probes();
std::span<const FeatureProbe> memory_probes();
std::span<const FeatureProbe> object_probes();

}  // namespace crtool::sys
