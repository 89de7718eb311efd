// What the user has named as external: see proto/external.proto.
#pragma once

#include <string>
#include <vector>

#include "dump/kind.h"

namespace crtool::dump {

// OpenFile.resource of a descriptor.
std::string resource_name(const FdProbe& probe);

class ExternalSet {
  public:
    // The names must outlive the set.
    explicit ExternalSet(const std::vector<ExternalName>& names)
        : names_(names), used_(names.size()) {}

    // The key of this open file; empty: it was not named.
    std::string key_of(const FdProbe& probe);

    // Tells of names that nothing of the tree has.
    void warn_of_unused() const;

  private:
    static bool names(const ExternalName& name, const FdProbe& probe);

    const std::vector<ExternalName>& names_;
    std::vector<bool> used_;
};

bool matches_external(const FdProbe& probe);
void dump_external(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kExternal = {image::Kind::external, matches_external, dump_external};

}  // namespace crtool::dump
