// See external.h.
#include "dump/external.h"

#include "base/log.h"
#include "dump/terminal.h"
#include "sys/kcmp.h"

namespace crtool::dump {
namespace {

constexpr dev_t kPtmx = device_number(5, 2);

}  // namespace

std::string resource_name(const FdProbe& probe) {
    if (probe.link.starts_with("pipe:[") || probe.link.starts_with("socket:["))
        return probe.link;
    // All anonymous inodes are one, and all masters have the ptmx.
    if (anon_inode_type(probe.link) || probe.st.st_rdev == kPtmx)
        return {};
    if (matches_terminal(probe))
        return fmt::format("tty[{:x}:{:x}]", probe.st.st_rdev, probe.st.st_dev);
    return fmt::format("file[{:x}:{:x}]", probe.info.mnt_id, probe.st.st_ino);
}

bool ExternalSet::names(const ExternalName& name, const FdProbe& probe) {
    if (!name.resource.empty())
        return resource_name(probe) == name.resource;
    return sys::same_file(name.task, name.fd, probe.task, probe.number);
}

std::string ExternalSet::key_of(const FdProbe& probe) {
    for (size_t i = 0; i < names_.size(); i++) {
        if (!names(names_[i], probe))
            continue;
        used_[i] = true;
        return names_[i].key;
    }
    return {};
}

void ExternalSet::warn_of_unused() const {
    for (size_t i = 0; i < names_.size(); i++) {
        if (!used_[i])
            log::warn("--external {}: the tree has no such descriptor", names_[i].key);
    }
}

bool matches_external(const FdProbe& probe) {
    return !probe.external_key.empty();
}

void dump_external(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    file.mutable_external()->set_key(probe.external_key);
    if (matches_terminal(probe))
        visit.terminals.add_external(probe, file);
}

}  // namespace crtool::dump
