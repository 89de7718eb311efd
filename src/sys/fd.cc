// See fd.h.
#include "sys/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"

namespace crtool::sys {

void UniqueFd::reset(int fd) {
    // close(2) on Linux always frees the descriptor, also when it reports EINTR or EIO.
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = fd;
}

UniqueFd open_at(int dir, const std::string& path, int flags, unsigned mode) {
    int fd = ::openat(dir, path.c_str(), flags | O_CLOEXEC, mode);
    if (fd < 0)
        fail_errno(errno, "cannot open {}", path);
    return UniqueFd(fd);
}

std::optional<UniqueFd> try_open_at(int dir, const std::string& path, int flags) {
    int fd = ::openat(dir, path.c_str(), flags | O_CLOEXEC);
    if (fd >= 0)
        return UniqueFd(fd);
    if (errno == ENOENT || errno == ESRCH)
        return std::nullopt;
    fail_errno(errno, "cannot open {}", path);
}

std::string read_all(int fd) {
    std::string text(16384, '\0');
    size_t at = 0;
    for (;;) {
        ssize_t got = ::read(fd, text.data() + at, text.size() - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fail_errno(errno, "read failed");
        if (got == 0)
            break;
        at += static_cast<size_t>(got);
        if (at == text.size())
            text.resize(text.size() * 2);
    }
    text.resize(at);
    return text;
}

std::string read_file_at(int dir, const std::string& path) {
    UniqueFd fd = open_at(dir, path, O_RDONLY);
    try {
        return read_all(fd.get());
    } catch (const Error& error) {
        fail_errno(error.err(), "cannot read {}", path);
    }
}

std::optional<std::string> try_read_file_at(int dir, const std::string& path) {
    std::optional<UniqueFd> fd = try_open_at(dir, path, O_RDONLY);
    if (!fd)
        return std::nullopt;
    try {
        return read_all(fd->get());
    } catch (const Error& error) {
        // A /proc file of a task that has just gone reads as ESRCH.
        if (error.err() == ESRCH)
            return std::nullopt;
        throw;
    }
}

std::optional<std::string> read_link_at(int dir, const std::string& path) {
    std::string target(4097, '\0');
    ssize_t got = ::readlinkat(dir, path.c_str(), target.data(), target.size());
    if (got < 0 && (errno == ENOENT || errno == ESRCH))
        return std::nullopt;
    if (got < 0)
        fail_errno(errno, "cannot read link {}", path);
    target.resize(static_cast<size_t>(got));
    return target;
}

void write_all(int fd, std::span<const std::byte> data) {
    while (!data.empty()) {
        ssize_t put = ::write(fd, data.data(), data.size());
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            fail_errno(errno, "write failed");
        data = data.subspan(static_cast<size_t>(put));
    }
}

void write_all(int fd, std::string_view data) {
    write_all(fd, std::as_bytes(std::span(data.data(), data.size())));
}

UniqueFd memfd(const char* name) {
    int fd = ::memfd_create(name, MFD_CLOEXEC);
    if (fd < 0)
        fail_errno(errno, "memfd_create failed");
    return UniqueFd(fd);
}

void truncate(int fd, uint64_t size) {
    if (::ftruncate(fd, static_cast<off_t>(size)) != 0)
        fail_errno(errno, "cannot set the size of a file to {} bytes", size);
}

UniqueFd duplicate(int fd) {
    int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        fail_errno(errno, "cannot duplicate descriptor {}", fd);
    return UniqueFd(copy);
}

}  // namespace crtool::sys
