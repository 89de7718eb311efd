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

void write_data(parasite::ScriptBuilder& script, const image::Pipe& pipe, int fd) {
    std::string_view data = pipe.data();
    if (pipe.packets().empty())
        return write_some(script, fd, data);
    for (uint32_t length : pipe.packets()) {
        write_some(script, fd, data.substr(0, length));
        data.remove_prefix(length);
    }
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
    if (pipe.size() != kDefaultSize)
        script.call("set its size", SYS_fcntl, {write, F_SETPIPE_SZ, pipe.size()});
    if (!is_empty) {
        write_data(script, pipe, write);
        script.call("set its status flags", SYS_fcntl, {read, F_SETFL, 0});
        script.call("set its status flags", SYS_fcntl, {write, F_SETFL, 0});
    }
    return made;
}

parasite::Ref make_pipe(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                        int end) {
    // open(2) refuses O_DIRECT here; F_SETFL does not.
    image::OpenFile plain;
    plain.set_flags(file.flags() & ~static_cast<uint32_t>(O_DIRECT));
    return open_path(build, descriptor_path(end), By::descriptor, plain, cloexec);
}

void fill_pipe(const FileBuild& build, const image::OpenFile& file, int fd) {
    set_status(build, file, fd);
}

}  // namespace crtool::restore
