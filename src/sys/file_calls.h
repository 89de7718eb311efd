// Small questions to open files, errors as exceptions.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crtool::sys {

// The content of a small file of /proc; `buffer` is reused, the result is in it.
std::string_view read_small_at(int dir, const char* path, std::string& buffer);

struct stat stat_fd(int fd);
// nullopt when nothing has that name (ENOENT, ENOTDIR) or it cannot be reached (ELOOP, EACCES).
std::optional<struct stat> try_stat_at(int dir, const std::string& path, int flags);

// Which mount, device and inode a name leads to, links followed; nullopt as above.
struct FileId {
    uint64_t mount = 0;  // 0 before kernel 5.8
    dev_t dev = 0;
    ino_t ino = 0;
    mode_t mode = 0;

    auto operator<=>(const FileId&) const = default;
};

std::optional<FileId> try_identify(int dir, const std::string& path);

// Whom the kernel signals about an open file: F_GETOWN_EX, F_GETSIG, F_GETOWNER_UIDS.
struct FileSignals {
    int type = 0;  // F_OWNER_*
    pid_t pid = 0;
    int signal = 0;
    uid_t uid = 0;
    uid_t euid = 0;

    bool any() const { return pid != 0 || signal != 0; }
};

// Not for O_PATH descriptors, which know no such thing.
FileSignals signals_of(int fd);

// Open, and not by this program: all that it opens is close-on-exec.
bool was_inherited(int fd);
bool is_terminal(int fd);
// F_GET_SEALS; nullopt for a file that cannot be sealed.
std::optional<int> seals_of(int fd);
// Magic number of the file system (statfs(2)).
long filesystem_of(int fd);

// fallocate(2): disk blocks for [offset, offset + length), so that a full disk is an error now and
// writing is faster. A file system that cannot do it is left alone. Throws Error.
void allocate(int fd, uint64_t offset, uint64_t length);

// timerfd_gettime(2). For a periodic timer that has expired it makes the kernel count the periods
// that have passed and arm the next one, exactly as read(2) would.
void settle_timerfd(int fd);

}  // namespace crtool::sys
