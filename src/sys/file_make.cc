// See file_make.h.
#include "sys/file_make.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "base/error.h"

namespace crtool::sys {

UniqueFd memfd(const char* name, unsigned flags) {
    int fd = ::memfd_create(name, flags | MFD_CLOEXEC);
    if (fd < 0)
        fail_errno(errno, "cannot create memfd '{}'", name);
    return UniqueFd(fd);
}

UniqueFd duplicate_at_least(int fd, int lowest) {
    int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, lowest);
    // EINVAL: beyond RLIMIT_NOFILE (fcntl(2)).
    if (copy < 0)
        fail_errno(errno, "cannot duplicate descriptor {} to a number from {} on", fd, lowest);
    return UniqueFd(copy);
}

PipeEnds make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0)
        fail_errno(errno, "cannot create a pipe");
    return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

std::optional<UniqueFd> try_create(const std::string& path, unsigned mode) {
    int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0 && errno == EEXIST)
        return std::nullopt;
    if (fd < 0)
        fail_errno(errno, "cannot create {}", path);
    return UniqueFd(fd);
}

UniqueFd make_unnamed(const std::string& directory, int flags, unsigned mode) {
    int fd = ::open(directory.c_str(), flags | O_TMPFILE | O_CLOEXEC, mode);
    if (fd < 0)
        fail_errno(errno, "cannot make a file without a name in {}", directory);
    return UniqueFd(fd);
}

bool is_writable_directory(const std::string& path) {
    return ::access((path + "/").c_str(), W_OK) == 0;
}

bool try_make_directory(const std::string& path, unsigned mode) {
    if (::mkdir(path.c_str(), mode) == 0)
        return true;
    if (errno == EEXIST)
        return false;
    fail_errno(errno, "cannot make directory {}", path);
}

bool try_make_fifo(const std::string& path, unsigned mode) {
    if (::mkfifo(path.c_str(), mode) == 0)
        return true;
    if (errno == EEXIST)
        return false;
    fail_errno(errno, "cannot make the FIFO {}", path);
}

std::string make_private_directory() {
    std::string path = "/tmp/crtool.XXXXXX";
    if (::mkdtemp(path.data()) == nullptr)
        fail_errno(errno, "cannot make a directory in /tmp");
    return path;
}

void remove_file(const std::string& path) {
    if (::unlink(path.c_str()) != 0)
        fail_errno(errno, "cannot remove {}", path);
}

void remove_directory(const std::string& path) {
    if (::rmdir(path.c_str()) != 0)
        fail_errno(errno, "cannot remove directory {}", path);
}

void set_mode(int fd, unsigned mode) {
    if (::fchmod(fd, mode) != 0)
        fail_errno(errno, "cannot set the mode of a file to {:o}", mode);
}

void add_seals(int fd, unsigned seals) {
    unsigned have = static_cast<unsigned>(::fcntl(fd, F_GET_SEALS));
    if ((have & seals) != seals && ::fcntl(fd, F_ADD_SEALS, seals) != 0)
        fail_errno(errno, "cannot add seals {:#x}", seals);
}

void set_owner(int fd, uid_t uid, gid_t gid) {
    if (::fchown(fd, uid, gid) != 0)
        fail_errno(errno, "cannot give a file to user {} and group {}", uid, gid);
}

void set_node(const std::string& path, unsigned mode, uid_t uid, gid_t gid) {
    if (::chown(path.c_str(), uid, gid) != 0)
        fail_errno(errno, "cannot give {} to user {} and group {}", path, uid, gid);
    if (::chmod(path.c_str(), mode) != 0)
        fail_errno(errno, "cannot set the mode of {} to {:o}", path, mode);
}

unsigned status_flags(int fd) {
    int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0)
        fail_errno(errno, "cannot read the status flags of a file");
    return static_cast<unsigned>(flags);
}

void set_status_flags(int fd, unsigned flags) {
    if (::fcntl(fd, F_SETFL, flags) != 0)
        fail_errno(errno, "cannot set the status flags of a file");
}

}  // namespace crtool::sys
