// What the running kernel offers: probes for `crtool check`.
//
// Each probe does the thing itself, on children and descriptors of its own, and leaves nothing
// behind. Dump and restore never call these: they try and fall back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crtool::sys {

// How much depends on a feature.
enum class FeatureNeed {
    required,  // without it nothing can be dumped or restored
    object,    // needed for some kinds of object, named in `purpose`
    speed,     // there is a slower way
};

struct Feature {
    std::string_view name;     // as `crtool check --feature NAME` takes it
    std::string_view purpose;  // what it is needed for
    FeatureNeed need = FeatureNeed::object;
    bool works = false;
    std::string detail;  // why not (errno, missing option), or a version or size when it works
};

// Runs all probes, in some 30 milliseconds. Never throws for a feature that is missing.
std::vector<Feature> probe_features();
// One feature by name (aliases known to drivers included); nullopt when the name is unknown.
std::optional<Feature> probe_feature(std::string_view name);
// All names that probe_feature knows, aliases last.
std::vector<std::string_view> feature_names();

}  // namespace crtool::sys
