// Making and binding unix sockets, also to names that shall not be seen; errors as exceptions.
#pragma once

#include <string>

#include "sys/fd.h"

namespace crtool::sys {

// socket(AF_UNIX), close-on-exec and non-blocking. `type` is SOCK_STREAM …
UniqueFd unix_socket(int type);
// `name` as sun_path: a path, or an abstract name that begins with NUL.
void bind_unix(int fd, const std::string& name);
// A file system in memory that has no place in the mount tree, and is gone with its last user;
// kernel ≥ 5.2.
UniqueFd detached_tmpfs();
// mkdirat(2); an existing one is fine.
void make_directory_at(int dir, const std::string& name);
// chmod(2) and lchown(2).
void set_mode_of(const std::string& path, unsigned mode);
void set_owner_of(const std::string& path, uid_t uid, gid_t gid);

// While it lives, the calling process has another root and working directory, so that a name leads
// elsewhere. For a process with one thread.
class ElsewhereVisit {
  public:
    enum class As : uint8_t { root, working_directory };

    ElsewhereVisit(int dir, As as);
    ~ElsewhereVisit();
    ElsewhereVisit(const ElsewhereVisit&) = delete;
    ElsewhereVisit& operator=(const ElsewhereVisit&) = delete;

  private:
    UniqueFd root_;  // only where the root is another
    UniqueFd cwd_;
};

}  // namespace crtool::sys
