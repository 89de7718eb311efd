// See file_calls.h.
#include "sys/file_calls.h"

#include <errno.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

#include "base/error.h"
#include "sys/fd.h"

namespace crtool::sys {
namespace {

bool is_missing(int err) {
    return err == ENOENT || err == ENOTDIR || err == ELOOP || err == EACCES || err == ENAMETOOLONG;
}

}  // namespace

std::string_view read_small_at(int dir, const char* path, std::string& buffer) {
    int fd = ::openat(dir, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fail_errno(errno, "cannot open {}", path);
    UniqueFd owned(fd);
    if (buffer.size() < 4096)
        buffer.resize(4096);
    for (size_t at = 0;;) {
        ssize_t got = ::read(fd, buffer.data() + at, buffer.size() - at);
        if (got < 0)
            fail_errno(errno, "cannot read {}", path);
        at += static_cast<size_t>(got);
        // A file of /proc fills the buffer as far as it goes: less than that is the end.
        if (got == 0 || at < buffer.size() / 2)
            return {buffer.data(), at};
        if (at == buffer.size())
            buffer.resize(2 * buffer.size());
    }
}

struct stat stat_fd(int fd) {
    struct stat st {};

    if (::fstat(fd, &st) != 0)
        fail_errno(errno, "fstat failed");
    return st;
}

std::optional<struct stat> try_stat_at(int dir, const std::string& path, int flags) {
    struct stat st {};

    if (::fstatat(dir, path.c_str(), &st, flags) == 0)
        return st;
    if (is_missing(errno))
        return std::nullopt;
    fail_errno(errno, "cannot look at {}", path);
}

std::optional<FileId> try_identify(int dir, const std::string& path) {
    struct statx stx {};

    unsigned wanted = STATX_INO | STATX_TYPE | STATX_MNT_ID;
    if (::statx(dir, path.c_str(), AT_STATX_DONT_SYNC, wanted, &stx) != 0) {
        if (is_missing(errno))
            return std::nullopt;
        fail_errno(errno, "cannot look at {}", path);
    }
    uint64_t mount = (stx.stx_mask & STATX_MNT_ID) != 0 ? stx.stx_mnt_id : 0;
    return FileId{mount, makedev(stx.stx_dev_major, stx.stx_dev_minor), stx.stx_ino, stx.stx_mode};
}

FileSignals signals_of(int fd) {
    f_owner_ex owner{};
    if (::fcntl(fd, F_GETOWN_EX, &owner) != 0)
        fail_errno(errno, "F_GETOWN_EX failed");
    int signal = ::fcntl(fd, F_GETSIG);
    if (signal < 0)
        fail_errno(errno, "F_GETSIG failed");
    FileSignals signals{owner.type, owner.pid, signal, 0, 0};
    if (owner.pid == 0)
        return signals;
    // F_GETOWNER_UIDS exists with CONFIG_CHECKPOINT_RESTORE; without it the owner counts as root.
    constexpr int kGetOwnerUids = 17;
    uid_t uids[2] = {0, 0};
    if (::fcntl(fd, kGetOwnerUids, uids) == 0) {
        signals.uid = uids[0];
        signals.euid = uids[1];
    }
    return signals;
}

bool was_inherited(int fd) {
    int flags = ::fcntl(fd, F_GETFD);
    return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

bool is_terminal(int fd) {
    termios settings{};
    return ::tcgetattr(fd, &settings) == 0;
}

std::optional<int> seals_of(int fd) {
    int seals = ::fcntl(fd, F_GET_SEALS);
    if (seals >= 0)
        return seals;
    if (errno == EINVAL)
        return std::nullopt;
    fail_errno(errno, "F_GET_SEALS failed");
}

long filesystem_of(int fd) {
    struct statfs st {};

    if (::fstatfs(fd, &st) != 0)
        fail_errno(errno, "fstatfs failed");
    return st.f_type;
}

void settle_timerfd(int fd) {
    itimerspec value{};
    if (::timerfd_gettime(fd, &value) != 0)
        fail_errno(errno, "timerfd_gettime failed");
}

}  // namespace crtool::sys
