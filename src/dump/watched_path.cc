// See watched_path.h.
#include "dump/watched_path.h"

#include <unistd.h>

#include "sys/file_handle.h"
#include "sys/proc_dir.h"
#include "sys/proc_fdinfo.h"

namespace crtool::dump {
namespace {

// More than that is no search any more.
constexpr size_t kMostFiles = 2'000'000;
constexpr unsigned kMinorBits = 20;  // of the kernel's own dev_t, which fdinfo shows

uint64_t number(std::string_view line, std::string_view name) {
    auto field = sys::fdinfo_field(line, name);
    return field ? sys::fdinfo_number(*field, 16) : 0;
}

bool is_on(const sys::MountInfo& mount, uint64_t device) {
    return (uint64_t{mount.dev_major} << kMinorBits | mount.dev_minor) == device;
}

std::optional<sys::FileHandle> handle_of(std::string_view line) {
    auto hex = sys::fdinfo_field(line, "f_handle");
    if (!hex)
        return std::nullopt;
    sys::FileHandle handle;
    handle.type = static_cast<int>(number(line, "fhandle-type"));
    for (size_t at = 0; at + 2 <= hex->size(); at += 2)
        handle.bytes += static_cast<char>(sys::fdinfo_number(hex->substr(at, 2), 16));
    return handle;
}

}  // namespace

const std::vector<sys::MountInfo>& WatchedPaths::mounts() {
    if (mounts_.empty())
        mounts_ = sys::parse_mountinfo(sys::ProcDir(::getpid()).read("mountinfo"));
    return mounts_;
}

std::optional<std::string> WatchedPaths::find_inode(std::string_view line) {
    uint64_t device = number(line, "sdev");
    std::optional<sys::FileHandle> handle = handle_of(line);
    for (const sys::MountInfo& mount : mounts())
        if (handle && is_on(mount, device))
            if (auto name = sys::name_of_handle(mount.mount_point, *handle))
                return name;
    for (const sys::MountInfo& mount : mounts())
        if (is_on(mount, device))
            if (auto name = sys::search_inode(mount.mount_point, number(line, "ino"), kMostFiles))
                return name;
    return std::nullopt;
}

std::optional<std::string> WatchedPaths::find_filesystem(std::string_view line) {
    uint64_t device = number(line, "sdev");
    for (const sys::MountInfo& mount : mounts())
        if (is_on(mount, device))
            return mount.mount_point;
    return std::nullopt;
}

std::optional<std::string> WatchedPaths::find_mount(std::string_view line) {
    uint64_t id = number(line, "mnt_id");
    for (const sys::MountInfo& mount : mounts())
        if (static_cast<uint64_t>(mount.id) == id)
            return mount.mount_point;
    return std::nullopt;
}

}  // namespace crtool::dump
