// POSIX message queues: see proto/posix_mqueue.proto. What is in them is read later
// (posix_mqueue_set.h).
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_posix_mqueue(const FdProbe& probe);
void dump_posix_mqueue(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kPosixMqueue = {image::Kind::posix_mqueue, matches_posix_mqueue,
                                          dump_posix_mqueue};

}  // namespace crtool::dump
