// See features.h; the probes themselves are in features_*.cc.
#include "sys/features.h"

#include <errno.h>

#include <array>

#include "base/error.h"
#include "sys/feature_probe.h"

namespace crtool::sys {
namespace {

// Names by which drivers ask for what has another name here.
struct Alias {
    std::string_view name;
    std::string_view meant;
};

constexpr Alias kAliases[] = {
    {"lazy_pages", "uffd-noncoop"}, {"userfaultfd", "uffd"},    {"get_rseq_conf", "rseq"},
    {"time_ns", "timens"},          {"compel", "ptrace_seize"}, {"guard_regions", "madv_guard"},
};

std::array<std::span<const FeatureProbe>, 4> tables() {
    return {tracing_probes(), process_probes(), memory_probes(), object_probes()};
}

std::string_view resolve(std::string_view name) {
    for (const Alias& alias : kAliases)
        if (alias.name == name)
            return alias.meant;
    return name;
}

Feature run(const FeatureProbe& probe) {
    Feature feature{probe.name, probe.purpose, probe.need, false, {}};
    try {
        ProbeResult result = probe.probe();
        feature.works = result.works;
        feature.detail = std::move(result.detail);
    } catch (const std::exception& error) {
        feature.detail = error.what();
    }
    return feature;
}

}  // namespace

ProbeResult probed(bool ok, int err) {
    return {ok, ok ? "" : errno_text(err)};
}

ProbeResult probed(bool ok) {
    return probed(ok, errno);
}

std::vector<Feature> probe_features() {
    std::vector<Feature> features;
    for (std::span<const FeatureProbe> table : tables())
        for (const FeatureProbe& probe : table)
            features.push_back(run(probe));
    return features;
}

std::optional<Feature> probe_feature(std::string_view name) {
    std::string_view meant = resolve(name);
    for (std::span<const FeatureProbe> table : tables())
        for (const FeatureProbe& probe : table)
            if (probe.name == meant)
                return run(probe);
    return std::nullopt;
}

std::vector<std::string_view> feature_names() {
    std::vector<std::string_view> names;
    for (std::span<const FeatureProbe> table : tables())
        for (const FeatureProbe& probe : table)
            names.push_back(probe.name);
    for (const Alias& alias : kAliases)
        names.push_back(alias.name);
    return names;
}

}  // namespace crtool::sys
