// See file_handle.h.
#include "sys/file_handle.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "sys/fd.h"

namespace crtool::sys {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostHandleBytes = 128;  // MAX_HANDLE_SZ

bool is_named(const std::string& name, const struct stat& want) {
    struct stat found {};

    return ::lstat(name.c_str(), &found) == 0 && found.st_dev == want.st_dev &&
           found.st_ino == want.st_ino;
}

}  // namespace

std::optional<std::string> name_of_handle(const std::string& mount_point,
                                          const FileHandle& handle) {
    if (handle.bytes.size() > kMostHandleBytes)
        return std::nullopt;
    UniqueFd mount(::open(mount_point.c_str(), O_RDONLY | O_CLOEXEC));
    alignas(file_handle) std::byte room[sizeof(file_handle) + kMostHandleBytes];
    auto* raw = reinterpret_cast<file_handle*>(room);
    raw->handle_bytes = static_cast<unsigned>(handle.bytes.size());
    raw->handle_type = handle.type;
    std::memcpy(raw->f_handle, handle.bytes.data(), handle.bytes.size());
    UniqueFd file(::open_by_handle_at(mount.get(), raw, O_PATH | O_CLOEXEC));

    struct stat st {};

    if (!file.valid() || ::fstat(file.get(), &st) != 0)
        return std::nullopt;
    auto name = read_link_at(AT_FDCWD, "/proc/self/fd/" + std::to_string(file.get()));
    if (!name || !is_named(*name, st))
        return std::nullopt;
    return name;
}

std::map<ino_t, std::string> search_inodes(const std::string& directory, std::set<ino_t> wanted,
                                           size_t most, const std::atomic<bool>& cancelled) {
    std::map<ino_t, std::string> found;

    struct stat top {};

    if (::lstat(directory.c_str(), &top) != 0)
        return found;
    auto look_at = [&](ino_t ino, const std::string& name) {
        if (wanted.erase(ino) != 0)
            found.emplace(ino, name);
    };
    look_at(top.st_ino, directory);
    std::vector<fs::path> pending = {directory};
    for (size_t seen = 0; !pending.empty();) {
        // A directory that cannot be read, or goes while it is, has no say in the others.
        std::error_code error;
        fs::directory_iterator at(pending.back(), error);
        pending.pop_back();
        for (; !error && at != fs::directory_iterator(); at.increment(error), seen++) {
            struct stat st {};

            if (wanted.empty() || cancelled || seen == most)
                return found;
            if (::lstat(at->path().c_str(), &st) != 0 || st.st_dev != top.st_dev)
                continue;
            look_at(st.st_ino, at->path().string());
            if (S_ISDIR(st.st_mode))
                pending.push_back(at->path());
        }
    }
    return found;
}

std::optional<std::string> search_inode(const std::string& directory, ino_t ino, size_t most) {
    static constexpr std::atomic<bool> kNever = false;
    auto found = search_inodes(directory, {ino}, most, kNever);
    return found.empty() ? std::nullopt : std::optional(std::move(found.begin()->second));
}

}  // namespace crtool::sys
