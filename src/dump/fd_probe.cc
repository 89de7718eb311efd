// See fd_probe.h.
#include "dump/fd_probe.h"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/error.h"

namespace crtool::dump {
namespace {

constexpr std::string_view kDeleted = " (deleted)";
constexpr std::string_view kMemfd = "/memfd:";
constexpr std::string_view kAnonInode = "anon_inode:";

}  // namespace

bool FdProbe::is_path() const {
    return (info.flags & O_PATH) != 0;
}

bool FdProbe::is_readable() const {
    return (info.flags & O_ACCMODE) != O_WRONLY;
}

bool FdProbe::is_writable() const {
    return (info.flags & O_ACCMODE) != O_RDONLY;
}

sys::UniqueFd FdProbe::reopen(int flags) const {
    return sys::open_at(AT_FDCWD, "/proc/self/fd/" + std::to_string(fd), flags);
}

std::string object_text(std::string_view proc_name, std::string_view link) {
    constexpr std::string_view kFd = "fd/";
    if (proc_name.starts_with(kFd))
        return fmt::format("descriptor {} ({})", proc_name.substr(kFd.size()), link);
    return fmt::format("{} ({})", proc_name, link);
}

std::optional<std::string_view> anon_inode_type(std::string_view link) {
    if (!link.starts_with(kAnonInode))
        return std::nullopt;
    link.remove_prefix(kAnonInode.size());
    if (link.starts_with('[') && link.ends_with(']'))
        link = link.substr(1, link.size() - 2);
    return link;
}

std::optional<std::string_view> before_deleted(std::string_view link) {
    if (!link.ends_with(kDeleted))
        return std::nullopt;
    return link.substr(0, link.size() - kDeleted.size());
}

std::optional<std::string_view> memfd_name(std::string_view link) {
    std::optional<std::string_view> name = before_deleted(link);
    if (!name || !name->starts_with(kMemfd))
        return std::nullopt;
    return name->substr(kMemfd.size());
}

uint64_t parse_fdinfo_time(std::string_view text) {
    size_t comma = text.find(", ");
    if (!text.starts_with('(') || !text.ends_with(')') || comma == std::string_view::npos)
        fail(Errc::internal, "a time in fdinfo reads '{}'", text);
    uint64_t seconds = sys::fdinfo_number(text.substr(1, comma - 1), 10);
    uint64_t nanoseconds = sys::fdinfo_number(text.substr(comma + 2, text.size() - comma - 3), 10);
    return seconds * 1'000'000'000 + nanoseconds;
}

}  // namespace crtool::dump
