// fanotify(7): see proto/fanotify.proto.
#include "dump/fanotify.h"

#include <sys/fanotify.h>

#include "sys/notify_calls.h"

namespace crtool::dump {
namespace {

uint32_t number(std::string_view line, std::string_view name) {
    auto field = sys::fdinfo_field(line, name);
    return field ? static_cast<uint32_t>(sys::fdinfo_number(*field, 16)) : 0;
}

// What the mark is on decides the type flag and how its name is found.
std::optional<std::string> path_of(WatchedPaths& watched, std::string_view line, uint32_t& type) {
    if (sys::fdinfo_field(line, "ino")) {
        type = FAN_MARK_INODE;
        return watched.find_inode(line);
    }
    if (sys::fdinfo_field(line, "mnt_id")) {
        type = FAN_MARK_MOUNT;
        return watched.find_mount(line);
    }
    type = FAN_MARK_FILESYSTEM;
    return watched.find_filesystem(line);
}

void add_mark(const FileVisit& visit, const FdProbe& probe, std::string_view line,
              image::Fanotify& fanotify) {
    uint32_t type = 0;
    std::optional<std::string> path = path_of(visit.watched, line, type);
    if (!path) {
        visit.refuse(probe,
                     "a fanotify group with a mark on something without a name that crtool can see",
                     "let the program remove the mark before the dump");
        return;
    }
    image::FanotifyMark& mark = *fanotify.add_marks();
    mark.set_flags(type | number(line, "mflags"));
    mark.set_mask(number(line, "mask"));
    mark.set_ignored_mask(number(line, "ignored_mask"));
    mark.set_path(*path);
}

}  // namespace

bool matches_fanotify(const FdProbe& probe) {
    return anon_inode_type(probe.link) == "fanotify";
}

void dump_fanotify(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    image::Fanotify& fanotify = *file.mutable_fanotify();
    if (sys::unread_bytes(probe.fd) != 0) {
        visit.refuse(probe, "a fanotify group with unread events", "let the program read them",
                     Lasts::a_moment);
        return;
    }
    for (const sys::FdInfoLine& line : probe.info.lines) {
        if (line.key != "fanotify")
            continue;
        if (sys::fdinfo_field(line.value, "event-flags")) {
            fanotify.set_init_flags(number(line.value, "flags"));
            fanotify.set_event_flags(number(line.value, "event-flags"));
        } else {
            add_mark(visit, probe, line.value, fanotify);
        }
    }
}

}  // namespace crtool::dump
