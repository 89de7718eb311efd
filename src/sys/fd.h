// Owned file descriptors and the file calls that crtool needs, errors as exceptions.
//
// Everything here opens with O_CLOEXEC; final flags are applied when a descriptor is placed in a
// restored task. Sizes and offsets are bytes.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace crtool::sys {

class UniqueFd {
  public:
    UniqueFd() = default;

    explicit UniqueFd(int fd) : fd_(fd) {}

    UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}

    UniqueFd& operator=(UniqueFd&& other) noexcept {
        reset(other.release());
        return *this;
    }

    ~UniqueFd() { reset(); }

    int get() const { return fd_; }

    bool valid() const { return fd_ >= 0; }

    int release() { return std::exchange(fd_, -1); }

    void reset(int fd = -1);

  private:
    int fd_ = -1;
};

// Opens or throws. `dir` is a directory descriptor or AT_FDCWD.
UniqueFd open_at(int dir, const std::string& path, int flags, unsigned mode = 0);
// The same, but a missing file (ENOENT, ESRCH) is a value.
std::optional<UniqueFd> try_open_at(int dir, const std::string& path, int flags);
// The whole content, read with as few calls as possible (a /proc file is made anew at each read).
std::string read_all(int fd);
std::string read_file_at(int dir, const std::string& path);
std::optional<std::string> try_read_file_at(int dir, const std::string& path);
// Target of a symbolic link; nullopt when it is gone.
std::optional<std::string> read_link_at(int dir, const std::string& path);
void write_all(int fd, std::span<const std::byte> data);
void write_all(int fd, std::string_view data);
UniqueFd memfd(const char* name);
void truncate(int fd, uint64_t size);
UniqueFd duplicate(int fd);

}  // namespace crtool::sys
