// See unix_name.h. The kernel keeps the text that bind(2) was given and the file that came of it
// (SIOCUNIXFILE), but not what the text was relative to; and the file may have been moved since
// (rename(2)).
#include "dump/unix_name.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>

#include "sys/file_calls.h"
#include "sys/socket_calls.h"

namespace crtool::dump {
namespace {

bool leads_to(const std::string& path, const struct stat& file) {
    auto found = sys::try_stat_at(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
    return found && found->st_dev == file.st_dev && found->st_ino == file.st_ino;
}

std::string join(const std::string& base, const std::string& name) {
    bool needs_slash = !name.starts_with('/') && !base.ends_with('/');
    return base + (needs_slash ? "/" : "") + name;
}

std::string find_base(const FdProbe& probe, const std::string& name, const std::string& path,
                      const struct stat& file) {
    bool is_absolute = name.starts_with('/');
    if (is_absolute && leads_to(name, file))
        return "/";
    std::string link = fmt::format("/proc/{}/{}", probe.task, is_absolute ? "root" : "cwd");
    std::string place = sys::read_link_at(AT_FDCWD, link).value_or("");
    if (place.starts_with('/') && leads_to(join(place, name), file))
        return place;
    return base_of(name, path);
}

}  // namespace

std::string base_of(std::string_view name, std::string_view path) {
    while (name.starts_with("./"))
        name.remove_prefix(2);
    if (!path.ends_with(name) || name.starts_with("../"))
        return {};
    std::string base(path.substr(0, path.size() - name.size()));
    if (name.starts_with('/'))
        return base.empty() ? "/" : base;
    if (!base.ends_with('/'))
        return {};
    return base.size() == 1 ? base : base.substr(0, base.size() - 1);
}

void find_bound_file(const FdProbe& probe, const std::string& name, image::UnixName& record) {
    auto file = sys::bound_file(probe.fd);
    if (!file)
        return record.set_deleted(true);
    struct stat st = sys::stat_fd(file->get());
    std::string path =
        sys::read_link_at(AT_FDCWD, fmt::format("/proc/self/fd/{}", file->get())).value_or("");
    record.set_mode(st.st_mode & 07777);
    record.set_uid(st.st_uid);
    record.set_gid(st.st_gid);
    if (!path.starts_with('/') || !leads_to(path, st))
        return record.set_deleted(true);
    record.set_path(path);
    record.set_dev(st.st_dev);
    record.set_ino(st.st_ino);
    record.set_base(find_base(probe, name, path, st));
}

}  // namespace crtool::dump
