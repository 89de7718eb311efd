// inotify(7): see proto/inotify.proto.
#pragma once

#include "restore/kind.h"
#include "sys/fd.h"

namespace crtool::restore {

sys::UniqueFd make_inotify_instance(const image::OpenFile& file, const ServiceFds& service);
void add_inotify_watches(const image::OpenFile& file, int fd);

inline constexpr RestoreKind kInotify = {.kind = image::Kind::inotify,
                                         .name = "inotify",
                                         .make = take_made,
                                         .fill = set_status,
                                         .make_here = make_inotify_instance,
                                         .finish_here = add_inotify_watches};

}  // namespace crtool::restore
