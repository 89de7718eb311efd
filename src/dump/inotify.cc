// inotify(7): see proto/inotify.proto.
#include "dump/inotify.h"

#include <fmt/format.h>

#include <algorithm>

#include "sys/notify_calls.h"

namespace crtool::dump {
namespace {

uint32_t number(std::string_view line, std::string_view name, int base) {
    auto field = sys::fdinfo_field(line, name);
    return field ? static_cast<uint32_t>(sys::fdinfo_number(*field, base)) : 0;
}

}  // namespace

bool matches_inotify(const FdProbe& probe) {
    return anon_inode_type(probe.link) == "inotify";
}

void dump_inotify(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    image::Inotify& inotify = *file.mutable_inotify();
    if (sys::unread_bytes(probe.fd) != 0) {
        visit.refuse(probe, "an inotify instance with unread events", "let the program read them",
                     Lasts::a_moment);
        return;
    }
    for (const sys::FdInfoLine& line : probe.info.lines) {
        if (line.key != "inotify")
            continue;
        uint32_t wd = number(line.value, "wd", 16);
        std::optional<std::string> path = visit.watched.find_inode(line.value);
        if (!path) {
            visit.refuse(probe,
                         fmt::format("an inotify instance whose watch {} is on a file without a "
                                     "name that crtool can see",
                                     wd),
                         "let the program remove the watch before the dump");
            continue;
        }
        image::InotifyWatch& watch = *inotify.add_watches();
        watch.set_wd(wd);
        watch.set_mask(number(line.value, "mask", 16));
        watch.set_path(*path);
    }
    std::ranges::sort(*inotify.mutable_watches(), {}, &image::InotifyWatch::wd);
}

}  // namespace crtool::dump
