// See unix_bind.h.
#include "sys/unix_bind.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "base/error.h"

namespace crtool::sys {

UniqueFd unix_socket(int type) {
    int fd = ::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        fail_errno(errno, "cannot make a unix socket");
    return UniqueFd(fd);
}

void bind_unix(int fd, const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() > sizeof address.sun_path)
        fail(Errc::internal, "a socket's name of {} bytes", name.size());
    std::memcpy(address.sun_path, name.data(), name.size());
    bool is_path = !name.empty() && name.front() != '\0';
    size_t length = offsetof(sockaddr_un, sun_path) + name.size();
    if (is_path && name.size() < sizeof address.sun_path)
        length++;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), static_cast<socklen_t>(length)) != 0)
        fail_errno(errno, "cannot bind a unix socket to '{}'",
                   is_path ? name : "@" + name.substr(1));
}

UniqueFd detached_tmpfs() {
    UniqueFd context(::fsopen("tmpfs", FSOPEN_CLOEXEC));
    if (!context.valid() ||
        ::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0)
        fail_errno(errno, "cannot make a file system in memory");
    UniqueFd mount(::fsmount(context.get(), FSMOUNT_CLOEXEC, 0));
    if (!mount.valid())
        fail_errno(errno, "cannot make a file system in memory");
    return mount;
}

void make_directory_at(int dir, const std::string& name) {
    if (::mkdirat(dir, name.c_str(), 0755) != 0 && errno != EEXIST)
        fail_errno(errno, "cannot make directory {}", name);
}

void set_mode_of(const std::string& path, unsigned mode) {
    if (::chmod(path.c_str(), mode) != 0)
        fail_errno(errno, "cannot set the mode of {}", path);
}

void set_owner_of(const std::string& path, uid_t uid, gid_t gid) {
    if (::lchown(path.c_str(), uid, gid) != 0)
        fail_errno(errno, "cannot set the owner of {}", path);
}

ElsewhereVisit::ElsewhereVisit(int dir, As as) : cwd_(open_at(AT_FDCWD, ".", O_PATH)) {
    if (as == As::root)
        root_ = open_at(AT_FDCWD, "/", O_PATH);
    if (::fchdir(dir) != 0)
        fail_errno(errno, "cannot enter a directory");
    if (root_.valid() && ::chroot(".") != 0) {
        int error = errno;
        [[maybe_unused]] int back = ::fchdir(cwd_.get());
        fail_errno(error, "cannot make a directory the root");
    }
}

// Both were left a moment ago; nothing can have come between.
ElsewhereVisit::~ElsewhereVisit() {
    [[maybe_unused]] int result = 0;
    if (root_.valid()) {
        result = ::fchdir(root_.get());
        result = ::chroot(".");
    }
    result = ::fchdir(cwd_.get());
}

}  // namespace crtool::sys
