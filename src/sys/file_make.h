// Making files, and giving them away; errors as exceptions.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "sys/fd.h"

namespace crtool::sys {

// memfd_create(2) with MFD_CLOEXEC and more flags.
UniqueFd memfd(const char* name, unsigned flags);
// F_DUPFD_CLOEXEC: a copy with the lowest free number at or above `lowest`.
UniqueFd duplicate_at_least(int fd, int lowest);

// pipe2(2): the read end and the write end.
struct PipeEnds {
    UniqueFd read;
    UniqueFd write;
};

PipeEnds make_pipe();

// A new, empty file, open for reading and writing; nullopt when the name is taken.
std::optional<UniqueFd> try_create(const std::string& path, unsigned mode);
// A new, empty file that has no name, in this directory: open(2) with O_TMPFILE and these flags.
UniqueFd make_unnamed(const std::string& directory, int flags, unsigned mode);
// Whether files can be made there: not when it is gone, or its mount is read-only.
bool is_writable_directory(const std::string& path);
// False when the name is taken.
bool try_make_directory(const std::string& path, unsigned mode);
bool try_make_fifo(const std::string& path, unsigned mode);
// A new directory with a name of its own in /tmp, mode 0700; its path.
std::string make_private_directory();
void remove_file(const std::string& path);
void remove_directory(const std::string& path);
void set_mode(int fd, unsigned mode);
// F_ADD_SEALS.
void add_seals(int fd, unsigned seals);
void set_owner(int fd, uid_t uid, gid_t gid);
// Owner and mode of what a path leads to.
void set_node(const std::string& path, unsigned mode, uid_t uid, gid_t gid);
// F_GETFL.
unsigned status_flags(int fd);
// F_SETFL; flags that it does not change are ignored.
void set_status_flags(int fd, unsigned flags);

}  // namespace crtool::sys
