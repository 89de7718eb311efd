// inotify(7) and fanotify(7), errors as exceptions.
#pragma once

#include <cstdint>
#include <string>

#include "sys/fd.h"

namespace crtool::sys {

// Close-on-exec; further flags of the open file are the caller's.
UniqueFd make_inotify();
// fanotify_init(2): with FAN_CLOEXEC among the flags or not, the group remembers it.
UniqueFd make_fanotify(unsigned flags, unsigned event_flags);

// inotify_add_watch(2); the watch's number.
int add_watch(int inotify, const std::string& path, uint32_t mask);
void remove_watch(int inotify, int watch);
// fanotify_mark(2) of a path.
void add_mark(int fanotify, unsigned flags, uint64_t mask, const std::string& path);

// FIONREAD: bytes that can be read at once.
int unread_bytes(int fd);
// Reads and forgets so many.
void forget_bytes(int fd, int bytes);

}  // namespace crtool::sys
