// epoll(7): see proto/epoll.proto.
#pragma once

#include "dump/kind.h"

namespace crtool::dump {

bool matches_epoll(const FdProbe& probe);
void dump_epoll(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file);

inline constexpr DumpKind kEpoll = {image::Kind::epoll, matches_epoll, dump_epoll};

}  // namespace crtool::dump
