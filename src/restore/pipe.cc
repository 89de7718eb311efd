// Pipes: see proto/pipe.proto.
#include "restore/pipe.h"

#include <fcntl.h>
#include <sys/syscall.h>

namespace crtool::restore {
namespace {

constexpr uint32_t kDefaultSize = 65536;

void write_some(parasite::ScriptBuilder& script, int fd, std::string_view data) {
    uint64_t address = script.arena().put_bytes(data);
    script.call("write its content", SYS_write, {fd, address, data.size()}, parasite::kExact);
}

void set_size(parasite::ScriptBuilder& script, const image::Pipe& pipe, int fd) {
    if (pipe.size() != kDefaultSize)
        script.call("set its size", SYS_fcntl, {fd, F_SETPIPE_SZ, pipe.size()});
}

void write_data(parasite::ScriptBuilder& script, const image::Pipe& pipe, int fd) {
    std::string_view data = pipe.data();
    if (data.empty())
        return;
    if (pipe.packets().empty())
        return write_some(script, fd, data);
    for (uint32_t length : pipe.packets()) {
        write_some(script, fd, data.substr(0, length));
        data.remove_prefix(length);
    }
}

// Where a FIFO is reached.
std::string place_of(const FileBuild& build, const image::Pipe& fifo) {
    return fifo.deleted() ? held_path(build, build.files.service().fifos.at(fifo.id()))
                          : build.files.path_of(fifo);
}

}  // namespace

parasite::Ref make_both_ends(const FileBuild& build, const image::Pipe& pipe, int read, int write,
                             bool cloexec) {
    parasite::ScriptBuilder& script = build.script;
    bool is_empty = pipe.data().empty();
    uint32_t flags = cloexec ? O_CLOEXEC : 0;
    if (!is_empty)  // A pipe that is too small shall be an error, not a wait without end.
        flags |= O_NONBLOCK;
    if (!pipe.packets().empty())
        flags |= O_DIRECT;
    uint64_t ends = script.arena().take(2 * sizeof(int));
    parasite::Ref made = script.call("make it", SYS_pipe2, {ends, flags});
    set_size(script, pipe, write);
    if (!is_empty) {
        write_data(script, pipe, write);
        script.call("set its status flags", SYS_fcntl, {read, F_SETFL, 0});
        script.call("set its status flags", SYS_fcntl, {write, F_SETFL, 0});
    }
    return made;
}

parasite::Ref make_fifo(const FileBuild& build, const image::Pipe& pipe, int fd) {
    parasite::ScriptBuilder& script = build.script;
    uint64_t path = script.arena().put_string(place_of(build, pipe));
    parasite::Ref made =
        script.call("open it", SYS_openat, {AT_FDCWD, path, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0});
    set_size(script, pipe, fd);
    if (!pipe.packets().empty())
        script.call("set its status flags", SYS_fcntl, {fd, F_SETFL, O_NONBLOCK | O_DIRECT});
    write_data(script, pipe, fd);
    return made;
}

parasite::Ref make_pipe(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                        int end) {
    // open(2) refuses O_DIRECT here; F_SETFL does not.
    image::OpenFile plain;
    plain.set_flags(file.flags() & ~static_cast<uint32_t>(O_DIRECT));
    if (end >= 0)
        return open_path(build, descriptor_path(end), By::descriptor, plain, cloexec);
    // Without O_NONBLOCK a reader waits for a writer.
    plain.set_flags(plain.flags() | O_NONBLOCK);
    const image::Pipe& pipe = build.files.pipe(file.pipe().pipe());
    By by = pipe.deleted() ? By::descriptor : By::name;
    return open_path(build, place_of(build, pipe), by, plain, cloexec);
}

// A FIFO may have been opened with O_NONBLOCK only not to wait.
void fill_pipe(const FileBuild& build, const image::OpenFile& file, int fd) {
    bool is_named = !build.files.pipe(file.pipe().pipe()).path().empty();
    if (is_named && status_flags(file) == 0)
        build.script.call("set its status flags", SYS_fcntl, {fd, F_SETFL, 0});
    set_status(build, file, fd);
}

}  // namespace crtool::restore
