// epoll(7): see proto/epoll.proto.
#pragma once

#include "restore/kind.h"

namespace crtool::restore {

parasite::Ref make_epoll(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                         int end);
void fill_epoll(const FileBuild& build, const image::OpenFile& file, int fd);

// A watch with EPOLLONESHOT that has been reported and not been armed again.
bool has_fired(const image::EpollWatch& watch);

// Adds watch `index` of `file`, which is descriptor `fd`, under its number.
void add_watch(const FileBuild& build, const image::OpenFile& file, int index, int fd);

inline constexpr RestoreKind kEpoll = {image::Kind::epoll, "epoll", make_epoll, fill_epoll};

}  // namespace crtool::restore
