// pidfd_open(2): see proto/pidfd.proto.
#pragma once

#include "restore/kind.h"
#include "sys/fd.h"

namespace crtool::restore {

parasite::Ref make_pidfd(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                         int end);
// Of a process that has gone; nothing for one of the tree.
sys::UniqueFd make_dead_pidfd(const image::OpenFile& file, const ServiceFds& service);

inline constexpr RestoreKind kPidfd = {
    .kind = image::Kind::pidfd, .name = "pidfd", .make = make_pidfd, .make_here = make_dead_pidfd};

}  // namespace crtool::restore
