// What several kinds share: see kind.h.
#include "restore/kind.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>

namespace crtool::restore {
namespace {

constexpr uint32_t kTmpfileBit = O_TMPFILE & ~O_DIRECTORY;
// What F_SETFL can change, O_ASYNC excepted.
constexpr uint32_t kSettable = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;

uint32_t open_flags(const image::OpenFile& file, By by) {
    uint32_t flags = file.flags() & ~static_cast<uint32_t>(O_CREAT | O_EXCL | O_TRUNC | O_ASYNC);
    if ((flags & O_PATH) == 0)
        flags |= O_NOCTTY;
    if (by == By::descriptor)
        flags &= ~static_cast<uint32_t>(O_NOFOLLOW);
    // A file made by O_TMPFILE keeps the flag, which now would make another one.
    if ((flags & kTmpfileBit) != 0)
        flags &= ~static_cast<uint32_t>(O_TMPFILE);
    return flags;
}

}  // namespace

std::string descriptor_path(int fd) {
    return fmt::format("/proc/self/fd/{}", fd);
}

parasite::Ref open_path(const FileBuild& build, const std::string& path, By by,
                        const image::OpenFile& file, bool cloexec) {
    uint32_t flags = open_flags(file, by) | (cloexec ? O_CLOEXEC : 0);
    uint64_t name = build.script.arena().put_string(path);
    return build.script.call("open it", SYS_openat, {AT_FDCWD, name, flags, 0});
}

parasite::Ref take_held(const FileBuild& build, int number, bool cloexec) {
    parasite::Ref fd = build.script.call("take it from crtool", SYS_pidfd_getfd,
                                         {build.files.service().coordinator, number, 0});
    // pidfd_getfd(2) sets close-on-exec.
    if (!cloexec)
        build.script.call("clear close-on-exec", SYS_fcntl, {fd, F_SETFD, 0});
    return fd;
}

std::string held_path(const FileBuild& build, int number) {
    return fmt::format("/proc/{}/fd/{}", build.files.service().coordinator_pid, number);
}

parasite::Ref take_made(const FileBuild& build, const image::OpenFile& file, bool cloexec, int) {
    return take_held(build, build.files.service().made.at(file.id()), cloexec);
}

uint32_t status_flags(const image::OpenFile& file) {
    return file.flags() & kSettable;
}

bool was_never_named(const image::OpenFile& file) {
    return (file.flags() & kTmpfileBit) != 0 && file.regular().content() != 0;
}

void set_status(const FileBuild& build, const image::OpenFile& file, int fd) {
    if (status_flags(file) != 0)
        build.script.call("set its status flags", SYS_fcntl, {fd, F_SETFL, status_flags(file)});
}

void set_position(const FileBuild& build, const image::OpenFile& file, int fd) {
    if (file.pos() != 0)
        build.script.call("set its position", SYS_lseek, {fd, file.pos(), SEEK_SET});
}

}  // namespace crtool::restore
