// epoll(7): see proto/epoll.proto.
#include "restore/epoll.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

namespace crtool::restore {
namespace {

// What remains of the events of a watch with EPOLLONESHOT that has fired.
constexpr uint32_t kPrivate = EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE;
constexpr uint32_t kAnything = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP;

uint64_t put_event(const FileBuild& build, uint32_t events, uint64_t data) {
    epoll_event event = {};
    event.events = events;
    event.data.u64 = data;
    return build.script.arena().put(event);
}

// epoll_ctl(2) adds EPOLLERR and EPOLLHUP to whatever it is given, so a watch that has fired can
// only be had by letting it fire. Where the file is ready for nothing, the watch is left as near
// to it as the kernel allows: it reports errors and hang-ups.
void add_fired(const FileBuild& build, const image::EpollWatch& watch, int fd) {
    parasite::ScriptBuilder& script = build.script;
    int number = static_cast<int>(watch.fd());
    uint64_t eager = put_event(build, watch.events() | kAnything, watch.data());
    uint64_t quiet = put_event(build, watch.events(), watch.data());
    uint64_t out = script.arena().take(sizeof(epoll_event));
    script.call("add a watch", SYS_epoll_ctl, {fd, EPOLL_CTL_ADD, number, eager});
    parasite::Ref fired = script.call("let a watch fire", SYS_epoll_wait, {fd, out, 1, 0});
    // Goes wrong (EINVAL) exactly when nothing has fired: the result is the number of events.
    parasite::Ref again =
        script.call("let a watch fire", SYS_epoll_wait, {fd, out, fired, 0}, parasite::kAny);
    script.call("look whether a watch has fired", parasite::kSkipOnError, {again, 1});
    script.call("look whether a watch has fired", parasite::kSkipOnError, {-EINVAL, 1});
    script.call("change a watch", SYS_epoll_ctl, {fd, EPOLL_CTL_MOD, number, quiet});
}

}  // namespace

bool has_fired(const image::EpollWatch& watch) {
    return (watch.events() & EPOLLONESHOT) != 0 && (watch.events() & ~kPrivate) == 0;
}

parasite::Ref make_epoll(const FileBuild& build, const image::OpenFile&, bool cloexec, int) {
    return build.script.call("make it", SYS_epoll_create1, {cloexec ? EPOLL_CLOEXEC : 0});
}

void fill_epoll(const FileBuild& build, const image::OpenFile& file, int fd) {
    set_status(build, file, fd);
}

void add_watch(const FileBuild& build, const image::OpenFile& file, int index, int fd) {
    const image::EpollWatch& watch = file.epoll().watches(index);
    if (has_fired(watch))
        return add_fired(build, watch, fd);
    uint64_t event = put_event(build, watch.events(), watch.data());
    build.script.call("add a watch", SYS_epoll_ctl,
                      {fd, EPOLL_CTL_ADD, static_cast<int>(watch.fd()), event});
}

}  // namespace crtool::restore
