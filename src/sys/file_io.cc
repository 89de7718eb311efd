// See file_io.h.
#include "sys/file_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

namespace crtool::sys {

uint64_t regular_file_size(int fd, const std::string& path) {
    struct stat st {};

    if (::fstat(fd, &st) != 0)
        fail_errno(errno, "cannot stat {}", path);
    if (!S_ISREG(st.st_mode))
        fail(Errc::bad_image, "{} is not a regular file", path);
    return static_cast<uint64_t>(st.st_size);
}

size_t read_at(int fd, std::span<std::byte> into, uint64_t offset) {
    size_t at = 0;
    while (at < into.size()) {
        ssize_t got =
            ::pread(fd, into.data() + at, into.size() - at, static_cast<off_t>(offset + at));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fail_errno(errno, "cannot read {} bytes at {:#x}", into.size() - at, offset + at);
        if (got == 0)
            break;
        at += static_cast<size_t>(got);
    }
    return at;
}

void read_exactly(int fd, std::span<std::byte> into, uint64_t offset) {
    size_t got = read_at(fd, into, offset);
    if (got != into.size())
        fail_errno(ENODATA, "file ends at byte {}", offset + got);
}

void write_at(int fd, std::span<const std::byte> data, uint64_t offset) {
    while (!data.empty()) {
        ssize_t put = ::pwrite(fd, data.data(), data.size(), static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            fail_errno(errno, "cannot write {} bytes at {:#x}", data.size(), offset);
        data = data.subspan(static_cast<size_t>(put));
        offset += static_cast<uint64_t>(put);
    }
}

bool exists_at(int dir, const std::string& name) {
    struct stat st {};

    if (::fstatat(dir, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0)
        return true;
    if (errno == ENOENT)
        return false;
    fail_errno(errno, "cannot look at {}", name);
}

void remove_at(int dir, const std::string& name) {
    if (::unlinkat(dir, name.c_str(), 0) != 0 && errno != ENOENT)
        fail_errno(errno, "cannot remove {}", name);
}

void rename_at(int from_dir, const std::string& from, int to_dir, const std::string& to) {
    if (::renameat(from_dir, from.c_str(), to_dir, to.c_str()) != 0)
        fail_errno(errno, "cannot rename {} to {}", from, to);
}

void sync_to_disk(int fd) {
    if (::fsync(fd) != 0)
        fail_errno(errno, "fsync failed");
}

bool try_lock(int fd) {
    // A file system without locks says ENOLCK or EOPNOTSUPP; that must not keep anyone from
    // dumping.
    return ::flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

std::optional<uint64_t> next_data(int fd, uint64_t offset) {
    off_t at = ::lseek(fd, static_cast<off_t>(offset), SEEK_DATA);
    if (at >= 0)
        return static_cast<uint64_t>(at);
    if (errno == ENXIO)
        return std::nullopt;
    return offset;
}

uint64_t next_hole(int fd, uint64_t offset) {
    off_t at = ::lseek(fd, static_cast<off_t>(offset), SEEK_HOLE);
    return at >= 0 ? static_cast<uint64_t>(at) : UINT64_MAX;
}

void fill_random(std::span<uint8_t> into) {
    // Up to 256 bytes come whole or not at all (random(7)).
    if (::getrandom(into.data(), into.size(), 0) != static_cast<ssize_t>(into.size()))
        fail_errno(errno, "getrandom failed");
}

}  // namespace crtool::sys
