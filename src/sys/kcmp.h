// kcmp(2) as a typed three-way comparison: do two tasks share a kernel object?
//
// The order is by (obfuscated) kernel address: total and stable while the objects live, so objects
// can be sorted with it. Needs PTRACE_MODE_READ_REALCREDS of both tasks and CONFIG_KCMP.
#pragma once

#include <sys/types.h>

#include <compare>

namespace crtool::sys {

// What two tasks (or threads) may share as a whole.
enum class KcmpKind { memory, files, fs, signal_handlers, io_context, sysv_sem };

// Order of the two tasks' objects; equal means that they are one object. Throws Errc::gone when one
// of the tasks does not exist, Errc::system otherwise.
std::strong_ordering kcmp(pid_t a, pid_t b, KcmpKind kind);
// Order of two open files: of descriptor `fd_a` of task `a` and `fd_b` of task `b`. EBADF when a
// descriptor is not open.
std::strong_ordering kcmp_file(pid_t a, int fd_a, pid_t b, int fd_b);
// Whether both descriptors are open and name one open file. Not an Error otherwise: a number that
// is closed, or a task that has gone, is a plain "no".
bool same_file(pid_t a, int fd_a, pid_t b, int fd_b);
// Order of descriptor `fd` of task `a` and the file that epoll instance `epoll_fd` of task `b`
// watches under the number `watched_fd` (its `index`-th one when the number was used again).
std::strong_ordering kcmp_epoll_target(pid_t a, int fd, pid_t b, int epoll_fd, int watched_fd,
                                       unsigned index = 0);

}  // namespace crtool::sys
