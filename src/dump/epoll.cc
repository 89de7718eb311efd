// epoll(7): see proto/epoll.proto. Which open files are watched is found by FileTable::check(),
// when all of them are known.
#include "dump/epoll.h"

namespace crtool::dump {
namespace {

uint64_t number_after(std::string_view line, std::string_view name) {
    auto text = sys::fdinfo_field(line, name);
    if (!text)
        fail(Errc::internal, "no {} in the fdinfo of an epoll instance", name);
    return sys::fdinfo_number(*text, 16);
}

}  // namespace

bool matches_epoll(const FdProbe& probe) {
    return anon_inode_type(probe.link) == "eventpoll";
}

void dump_epoll(const FileVisit&, const FdProbe& probe, image::OpenFile& file) {
    image::Epoll& epoll = *file.mutable_epoll();
    for (const sys::FdInfoLine& line : probe.info.lines) {
        if (line.key != "tfd")
            continue;
        std::string_view number = line.value.substr(0, line.value.find(' '));
        image::EpollWatch& watch = *epoll.add_watches();
        watch.set_fd(static_cast<uint32_t>(sys::fdinfo_number(number, 10)));
        watch.set_events(static_cast<uint32_t>(number_after(line.value, "events")));
        watch.set_data(number_after(line.value, "data"));
    }
}

}  // namespace crtool::dump
