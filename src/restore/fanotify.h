// fanotify(7): see proto/fanotify.proto.
#pragma once

#include "restore/kind.h"
#include "sys/fd.h"

namespace crtool::restore {

sys::UniqueFd make_fanotify_group(const image::OpenFile& file, const ServiceFds& service);
void add_fanotify_marks(const image::OpenFile& file, int fd);

inline constexpr RestoreKind kFanotify = {.kind = image::Kind::fanotify,
                                          .name = "fanotify",
                                          .make = take_made,
                                          .fill = set_status,
                                          .make_here = make_fanotify_group,
                                          .finish_here = add_fanotify_marks};

}  // namespace crtool::restore
